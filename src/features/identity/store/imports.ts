import type { CellError } from '../../../integrations/sources/index.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import type { Change } from '../roster/state.ts'
import type { ImportKind, ImportStatus } from '../tables.ts'

export type Counts = { created: number; changed: number; unchanged: number }
export type Sample = { row: number; number: string; name: string; outcome: 'created' | 'changed'; changes: Change[] }
export type Preview = Counts & { rows: number; ignored: string[]; samples: Sample[] }
export type SliceOutcome = Counts & { errors: CellError[] }

export type Import = {
  id: string; kind: ImportKind; file_name: string; status: ImportStatus; person_id: string | null; created_at: number; finished_at: number | null
  preview: Preview; errors: CellError[]
}

export async function insertImport(tx: Tx, row: Omit<Import, 'status' | 'created_at' | 'finished_at'>, slices: readonly { id: string; position: number; row_count: number; rows_sealed: string }[]): Promise<void> {
  await tx.insertInto('identity_imports').values({
    ...row, preview: JSON.stringify(row.preview), errors: JSON.stringify(row.errors), status: 'checked', created_at: tx.bus.clock.now(), finished_at: null,
  }).execute()
  for (const slice of slices) await tx.insertInto('identity_import_slices').values({ ...slice, import_id: row.id, outcome: null, done_at: null }).execute()
}

export async function findImport(db: Db, id: string): Promise<Import | null> {
  const row = await db.selectFrom('identity_imports').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? { ...row, preview: JSON.parse(row.preview), errors: JSON.parse(row.errors) } : null
}

export async function listImports(db: Db, limit: number) {
  return await db.selectFrom('identity_imports as i').leftJoin('identity_people as p', 'p.id', 'i.person_id')
    .select(['i.id', 'i.kind', 'i.file_name', 'i.status', 'i.created_at', 'p.name']).orderBy('i.id', 'desc').limit(limit).execute()
}

export async function findSlice(db: Db, import_id: string, position: number) {
  return await db.selectFrom('identity_import_slices').select(['id', 'rows_sealed', 'done_at']).where('import_id', '=', import_id).where('position', '=', position).executeTakeFirst()
}

/** Keeps what became of the slice; its rows, which hold ID numbers, are not kept. */
export async function finishSlice(tx: Tx, id: string, outcome: SliceOutcome): Promise<void> {
  await tx.updateTable('identity_import_slices').set({ outcome: JSON.stringify(outcome), done_at: tx.bus.clock.now(), rows_sealed: '' }).where('id', '=', id).execute()
}

export async function forgetRows(tx: Tx, import_id: string): Promise<void> {
  await tx.updateTable('identity_import_slices').set({ rows_sealed: '' }).where('import_id', '=', import_id).execute()
}

export type Progress = SliceOutcome & { rows: number; done: number }

export async function progressOf(db: Db, import_id: string): Promise<Progress> {
  const slices = await db.selectFrom('identity_import_slices').select(['row_count', 'outcome']).where('import_id', '=', import_id).orderBy('position').execute()
  const progress: Progress = { rows: 0, done: 0, created: 0, changed: 0, unchanged: 0, errors: [] }
  for (const { row_count, outcome } of slices) {
    progress.rows += row_count
    if (outcome === null) continue
    const made: SliceOutcome = JSON.parse(outcome)
    progress.done += row_count
    progress.created += made.created
    progress.changed += made.changed
    progress.unchanged += made.unchanged
    progress.errors.push(...made.errors)
  }
  return progress
}
