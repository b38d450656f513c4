import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import { insertRows } from '../../../platform/prepared.ts'
import type { RowOutcome } from '../import-tables.ts'
import type { Checked, Kept, Left, Told } from '../roster/plan-slice.ts'
import type { Vault } from '../vault.ts'
import type { Counts } from './imports.ts'

export type ImportRow = { line: number; outcome: RowOutcome; number: string | null; name: string | null; unit_name: string | null; told: Told }
export type SliceOutcome = Counts & { conflict: number }

/** Keeps what a slice of a file comes to: each row in words, and all of them sealed. */
export async function insertSlice(tx: Tx, vault: Vault, import_id: string, position: number, rows: readonly Checked[]): Promise<void> {
  await tx.insertInto('identity_import_slices').values({
    id: newId(), import_id, position, row_count: rows.length, rows_sealed: vault.seal('roster', JSON.stringify(rows.map(row => row.kept))), outcome: null, done_at: null,
  }).execute()
  await insertRows(tx, 'identity_import_rows', rows.map(({ line, outcome, number, name, unit_id, told }) => ({ import_id, line, outcome, number, name, unit_id, told: JSON.stringify(told) })))
}

/** Positions of the slices that are there, with how many rows they have. */
export async function listSlices(db: Db, import_id: string): Promise<{ position: number; row_count: number; done: boolean }[]> {
  const rows = await db.selectFrom('identity_import_slices').select(['position', 'row_count', 'done_at']).where('import_id', '=', import_id).orderBy('position').execute()
  return rows.map(({ position, row_count, done_at }) => ({ position, row_count, done: done_at !== null }))
}

export async function findSlice(db: Db, vault: Vault, import_id: string, position: number): Promise<{ id: string; done: boolean; rows: Kept[] } | null> {
  const row = await db.selectFrom('identity_import_slices').select(['id', 'rows_sealed', 'done_at']).where('import_id', '=', import_id).where('position', '=', position).executeTakeFirst()
  return row ? { id: row.id, done: row.done_at !== null, rows: row.rows_sealed === '' ? [] : openRows(vault, row.rows_sealed) } : null
}

function openRows(vault: Vault, sealed: string): Kept[] {
  return JSON.parse(vault.open('roster', sealed))
}

/** Keeps what became of the slice. Of its rows, which hold ID numbers, only those stay that are to be corrected. */
export async function finishSlice(tx: Tx, vault: Vault, id: string, outcome: SliceOutcome, stay: readonly Kept[]): Promise<void> {
  const rows_sealed = stay.length > 0 ? vault.seal('roster', JSON.stringify(stay)) : ''
  await tx.updateTable('identity_import_slices').set({ outcome: JSON.stringify(outcome), done_at: tx.bus.clock.now(), rows_sealed }).where('id', '=', id).execute()
}

export async function markRow(tx: Tx, import_id: string, { row, outcome, told }: Left): Promise<void> {
  await tx.updateTable('identity_import_rows').set({ outcome, told: JSON.stringify(told) }).where('import_id', '=', import_id).where('line', '=', row).execute()
}

/** The rows after the first `done` ones that were to be written are so no more. */
export async function leaveRows(tx: Tx, import_id: string, done: number): Promise<void> {
  const first = await tx.selectFrom('identity_import_rows').select('line').where('import_id', '=', import_id).orderBy('line').offset(done).limit(1).executeTakeFirst()
  if (!first) return
  await tx.updateTable('identity_import_rows').set({ outcome: 'left' }).where('import_id', '=', import_id).where('line', '>=', first.line).where('outcome', 'in', ['created', 'changed']).execute()
}

type Page = { outcome: RowOutcome; /** any of these */ unit_ids?: readonly string[] | undefined; after?: number; limit: number }

/** Rows of one outcome in the order of the file; `after` is the last line of the page before. */
export async function listRows(db: Db, import_id: string, { outcome, unit_ids, after = 0, limit }: Page): Promise<ImportRow[]> {
  const rows = await db.selectFrom('identity_import_rows as r').leftJoin('identity_units as u', 'u.id', 'r.unit_id')
    .select(['r.line', 'r.outcome', 'r.number', 'r.name', 'u.name as unit_name', 'r.told'])
    .where('r.import_id', '=', import_id).where('r.outcome', '=', outcome).where('r.line', '>', after)
    .$if(unit_ids !== undefined, query => query.where('r.unit_id', 'in', unit_ids?.length ? unit_ids : ['']))
    .orderBy('r.line').limit(limit).execute()
  return rows.map(row => ({ ...row, told: JSON.parse(row.told) }))
}

export async function countRows(db: Db, import_id: string): Promise<Map<RowOutcome, number>> {
  const rows = await db.selectFrom('identity_import_rows').select(['outcome', each => each.fn.countAll<number>().as('count')]).where('import_id', '=', import_id).groupBy('outcome').execute()
  return new Map(rows.map(({ outcome, count }) => [outcome, Number(count)]))
}

export type Progress = SliceOutcome & { rows: number; done: number }

/** How far the writing is; cheap, it is asked again and again. */
export async function progressOf(db: Db, import_id: string): Promise<Progress> {
  const slices = await db.selectFrom('identity_import_slices').select(['row_count', 'outcome']).where('import_id', '=', import_id).execute()
  const progress: Progress = { rows: 0, done: 0, created: 0, changed: 0, unchanged: 0, refused: 0, conflict: 0 }
  for (const { row_count, outcome } of slices) {
    progress.rows += row_count
    if (outcome === null) continue
    const made: SliceOutcome = JSON.parse(outcome)
    progress.done += row_count
    for (const key of ['created', 'changed', 'unchanged', 'refused', 'conflict'] as const) progress[key] += made[key]
  }
  return progress
}

export async function firstUndone(db: Db, import_id: string): Promise<number | null> {
  const row = await db.selectFrom('identity_import_slices').select('position').where('import_id', '=', import_id).where('done_at', 'is', null).orderBy('position').limit(1).executeTakeFirst()
  return row?.position ?? null
}

/** Forgets everything that was read of the file, to read it again. */
export async function forgetReading(tx: Tx, import_id: string): Promise<void> {
  await tx.deleteFrom('identity_import_rows').where('import_id', '=', import_id).execute()
  await tx.deleteFrom('identity_import_slices').where('import_id', '=', import_id).execute()
}

/** Forgets the sealed rows; what they came to stays. */
export async function forgetValues(tx: Tx, import_id: string): Promise<void> {
  await tx.updateTable('identity_import_slices').set({ rows_sealed: '' }).where('import_id', '=', import_id).execute()
}
