import type { CellError, Encoding } from '../../integrations/sources/index.ts'
import type { Actor } from '../../platform/events.ts'
import type { Context } from './deps.ts'
import { checkFile } from './roster/check-file.ts'
import { listRows, progressOf } from './store/import-rows.ts'
import { getImport } from './store/imports.ts'
import type { ImportKind } from './tables.ts'
import { applySlice } from './verbs/import/apply.ts'
import { beginImport } from './verbs/import/decide.ts'
import { dropImport, registerImport } from './verbs/import/receive.ts'

export type ImportReport = { created: number; changed: number; unchanged: number; refused: number; conflict: number; rows: number; errors: CellError[]; written: boolean }

const ERRORS_TOLD = 1000

/**
 * Reads a roster and writes it, each slice in a transaction of its own. With errors nothing is written, unless the good rows alone are asked for.
 * The same file twice changes nothing.
 */
export async function importRoster(
  context: Pick<Context, 'database' | 'sources' | 'vault' | 'clock'>, kind: ImportKind, bytes: Uint8Array,
  { file_name, actor = null, goodRows = false, encoding }: { file_name: string; actor?: Actor | null; goodRows?: boolean; encoding?: Encoding | undefined },
): Promise<ImportReport> {
  const { database: { db, write }, vault } = context
  const id = await write(tx => registerImport(tx, actor, { kind, file_name, bytes, encoding }))
  await checkFile(context, id, bytes)
  const { preview, errors, status } = await getImport(db, id)
  const { created, changed, unchanged, refused, rows } = preview
  const refusals = (await listRows(db, id, { outcome: 'refused', limit: ERRORS_TOLD })).flatMap(({ line, told }) => (told.faults ?? []).map(fault => ({ row: line, ...fault })))
  if (status !== 'checked' || rows === refused || (refused > 0 && !goodRows)) {
    await write(tx => dropImport(tx, actor, id))
    return { created, changed, unchanged, refused, conflict: 0, rows, errors: [...errors, ...refusals], written: false }
  }
  const run = await write(tx => beginImport(tx, actor, id, { goodRows }))
  let more = true
  for (let position = 0; more; position++) ({ more } = await write(tx => applySlice(tx, vault, id, position, run)))
  const done = await progressOf(db, id)
  return { created: done.created, changed: done.changed, unchanged: done.unchanged, refused: done.refused, conflict: done.conflict, rows: done.rows, errors: refusals, written: true }
}
