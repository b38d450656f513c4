import type { CellError } from '../../integrations/sources/index.ts'
import type { Actor } from '../../platform/events.ts'
import type { Context } from './deps.ts'
import { checkRoster } from './roster/apply.ts'
import { readRoster } from './roster/read.ts'
import { type Counts, progressOf } from './store/imports.ts'
import type { ImportKind } from './tables.ts'
import { applySlice, beginImport, receiveImport } from './verbs/import.ts'

export type ImportReport = Counts & { rows: number; errors: CellError[]; written: boolean }

/**
 * Reads a roster and writes it, each slice in a transaction of its own. With errors nothing is written, unless the good rows alone are asked for.
 * The same file twice changes nothing.
 */
export async function importRoster(
  { database: { db, write }, sources, vault }: Pick<Context, 'database' | 'sources' | 'vault'>, kind: ImportKind, bytes: Uint8Array,
  { file_name, actor = null, goodRows = false }: { file_name: string; actor?: Actor | null; goodRows?: boolean },
): Promise<ImportReport> {
  const checked = await checkRoster(db, vault, await readRoster(sources, kind, bytes))
  const { preview, errors } = checked
  const { created, changed, unchanged, rows } = preview
  if (rows === 0 || (errors.length > 0 && !goodRows)) return { created, changed, unchanged, rows, errors, written: false }
  const id = await write(tx => receiveImport(tx, vault, actor, { ...checked, file_name }))
  await write(tx => beginImport(tx, actor, id, { goodRows }))
  let more = true
  for (let position = 0; more; position++) ({ more } = await write(tx => applySlice(tx, vault, id, position)))
  const done = await progressOf(db, id)
  return { created: done.created, changed: done.changed, unchanged: done.unchanged, rows, errors: [...errors, ...done.errors], written: true }
}
