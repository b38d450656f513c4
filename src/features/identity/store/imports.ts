import type { CellError, Encoding, Ending, FileFacts } from '../../../integrations/sources/index.ts'
import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import type { ImportFilesTable, ImportKind, ImportStatus } from '../import-tables.ts'

export type Counts = { created: number; changed: number; unchanged: number; refused: number }
export const NO_COUNTS: Counts = { created: 0, changed: 0, unchanged: 0, refused: 0 }

/** What the file is, as far as it was read, and what its rows come to. */
export type Preview = Counts & {
  /** rows that were read, good or bad */
  rows: number
  /** how much of the file was read, 0 to 1 */
  share: number
  facts: FileFacts | null
  /** heads as they are written */
  titles: string[]
  /** heads that nobody asked for */
  ignored: string[]
  ending: Ending | null
  /** people (or departments) that are here and not in the file; null until the file was read */
  missing: number | null
}
export const NOTHING_READ: Preview = { ...NO_COUNTS, rows: 0, share: 0, facts: null, titles: [], ignored: [], ending: null, missing: null }

export type Import = {
  id: string; kind: ImportKind; file_name: string; status: ImportStatus; person_id: string | null; created_at: number; finished_at: number | null
  preview: Preview
  /** why the file as a whole is not taken */
  errors: CellError[]
  file: Omit<ImportFilesTable, 'import_id' | 'turn'>
}

type NewImport = { id: string; kind: ImportKind; file_name: string; person_id: string | null; sha256: string; size: number; encoding: Encoding | null }

export async function insertImport(tx: Tx, { id, kind, file_name, person_id, sha256, size, encoding }: NewImport): Promise<void> {
  const now = tx.bus.clock.now()
  await tx.insertInto('identity_imports').values({ id, kind, file_name, person_id, status: 'reading', created_at: now, finished_at: null, preview: JSON.stringify(NOTHING_READ), errors: '[]' }).execute()
  await tx.insertInto('identity_import_files').values({ import_id: id, sha256, size, encoding, turn: null, runs: 0, applied_by: null, applied_as: null, began_at: now, began_rows: 0 }).execute()
}

export async function findImport(db: Db, id: string): Promise<Import | null> {
  const row = await db.selectFrom('identity_imports as i').innerJoin('identity_import_files as f', 'f.import_id', 'i.id')
    .select(['i.id', 'i.kind', 'i.file_name', 'i.status', 'i.person_id', 'i.created_at', 'i.finished_at', 'i.preview', 'i.errors'])
    .select(['f.sha256', 'f.size', 'f.encoding', 'f.runs', 'f.applied_by', 'f.applied_as', 'f.began_at', 'f.began_rows']).where('i.id', '=', id).executeTakeFirst()
  if (!row) return null
  const { sha256, size, encoding, runs, applied_by, applied_as, began_at, began_rows, ...found } = row
  return { ...found, preview: JSON.parse(row.preview), errors: JSON.parse(row.errors), file: { sha256, size, encoding, runs, applied_by, applied_as, began_at, began_rows } }
}

export async function getImport(db: Db, id: string): Promise<Import> {
  const found = await findImport(db, id)
  if (!found) throw new AppError('not-found', '没有找到这次导入')
  return found
}

/** Newest first; `before` is the last id of the page before. */
export async function listImports(db: Db, { before, limit }: { before?: string | undefined; limit: number }) {
  const rows = await db.selectFrom('identity_imports as i').leftJoin('identity_people as p', 'p.id', 'i.person_id')
    .select(['i.id', 'i.kind', 'i.file_name', 'i.status', 'i.created_at', 'i.preview', 'p.name'])
    .$if(before !== undefined, query => query.where('i.id', '<', before ?? '')).orderBy('i.id', 'desc').limit(limit).execute()
  return rows.map(({ preview, ...row }) => ({ ...row, preview: readPreview(preview) }))
}

function readPreview(text: string): Preview {
  return JSON.parse(text)
}

export async function savePreview(tx: Tx, id: string, preview: Preview): Promise<void> {
  await tx.updateTable('identity_imports').set({ preview: JSON.stringify(preview) }).where('id', '=', id).execute()
}

export async function updateFile(tx: Tx, import_id: string, change: Partial<Omit<ImportFilesTable, 'import_id' | 'turn'>>): Promise<void> {
  await tx.updateTable('identity_import_files').set(change).where('import_id', '=', import_id).execute()
}

/** Takes the one turn to write; false where another import has it. */
export async function takeTurn(tx: Tx, import_id: string): Promise<boolean> {
  if (await whoseTurn(tx, import_id)) return false
  try {
    await tx.updateTable('identity_import_files').set({ turn: 'roster' }).where('import_id', '=', import_id).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function leaveTurn(tx: Tx, import_id: string): Promise<void> {
  await tx.updateTable('identity_import_files').set({ turn: null }).where('import_id', '=', import_id).execute()
}

/** The other import that is being written, and who began it. */
export async function whoseTurn(db: Db, but: string): Promise<{ id: string; file_name: string; name: string | null } | null> {
  const row = await db.selectFrom('identity_import_files as f').innerJoin('identity_imports as i', 'i.id', 'f.import_id').leftJoin('identity_people as p', 'p.id', 'f.applied_by')
    .select(['i.id', 'i.file_name', 'p.name']).where('f.turn', '=', 'roster').where('f.import_id', '!=', but).executeTakeFirst()
  return row ?? null
}

/** Names of whoever uploaded and whoever began the writing. */
export async function peopleBehind(db: Db, found: Import): Promise<{ uploaded: string | null; applied: string | null }> {
  const ids = [found.person_id, found.file.applied_by].filter(id => id !== null)
  const rows = ids.length === 0 ? [] : await db.selectFrom('identity_people').select(['id', 'name', 'number']).where('id', 'in', ids).execute()
  const words = (id: string | null): string | null => rows.filter(row => row.id === id).map(row => `${row.name}（${row.number}）`)[0] ?? null
  return { uploaded: words(found.person_id), applied: words(found.file.applied_by) }
}

export async function insertPart(tx: Tx, part: { import_id: string; position: number; bytes_sealed: string }): Promise<void> {
  await tx.insertInto('identity_import_parts').values(part).execute()
}

/** One piece after the other, so that the file is in memory once and not twice. */
export async function* partsOf(db: Db, import_id: string): AsyncGenerator<string> {
  for (let position = 0; ; position++) {
    const part = await db.selectFrom('identity_import_parts').select('bytes_sealed').where('import_id', '=', import_id).where('position', '=', position).executeTakeFirst()
    if (!part) return
    yield part.bytes_sealed
  }
}

export async function forgetParts(tx: Tx, import_id: string): Promise<void> {
  await tx.deleteFrom('identity_import_parts').where('import_id', '=', import_id).execute()
}

/** Previews that nobody decided on since `before`, and finished ones whose refused rows nobody needs any more. */
export async function staleImports(db: Db, statuses: readonly ImportStatus[], before: number): Promise<{ id: string; status: ImportStatus }[]> {
  return await db.selectFrom('identity_imports as i').select(['i.id', 'i.status']).where('i.status', 'in', statuses).where('i.created_at', '<', before)
    .where(match => match.or([
      match.exists(match.selectFrom('identity_import_slices as s').select('s.id').whereRef('s.import_id', '=', 'i.id').where('s.rows_sealed', '!=', '')),
      match.exists(match.selectFrom('identity_import_parts as p').select('p.import_id').whereRef('p.import_id', '=', 'i.id')),
    ])).limit(20).execute()
}

export type By = Actor | null
