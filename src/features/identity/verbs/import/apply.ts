import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import { importSlice } from '../job-definitions.ts'
import { applyPeople, applyUnits, type Checked, SLICE } from '../roster/apply.ts'
import type { PersonRow, UnitRow } from '../roster/columns.ts'
import type { Roster } from '../roster/read.ts'
import { importMachine } from '../rules/import.ts'
import { findImport, findSlice, finishSlice, forgetRows, insertImport, type SliceOutcome } from '../store/imports.ts'
import type { Vault } from '../vault.ts'

type Received = Checked & { file_name: string }

/** Keeps an uploaded roster, its rows sealed, until somebody takes or drops it. Units are one slice: a child may stand above its parent. */
export async function receiveImport(tx: Tx, vault: Vault, actor: Actor | null, { roster, file_name, preview, errors }: Received): Promise<string> {
  const id = newId()
  const size = roster.kind === 'units' ? Math.max(roster.rows.length, 1) : SLICE
  const slices = Array.from({ length: Math.ceil(roster.rows.length / size) }, (_, position) => {
    const rows = roster.rows.slice(position * size, (position + 1) * size)
    return { id: newId(), position, row_count: rows.length, rows_sealed: vault.seal('roster', JSON.stringify(rows)) }
  })
  await insertImport(tx, { id, kind: roster.kind, file_name: file_name.slice(0, 200), person_id: actor?.person_id ?? null, preview, errors }, slices)
  return id
}

/** Begins to write. With errors in the file nothing is written unless the good rows alone are asked for. */
export async function beginImport(tx: Tx, actor: Actor | null, id: string, { goodRows }: { goodRows: boolean }): Promise<void> {
  const found = await findImport(tx, id)
  if (!found) throw new AppError('not-found', '没有找到这次导入')
  if (found.errors.length > 0 && !goodRows) throw new AppError('invalid', '名单里有 {count} 处错误，还没有写入任何内容。请改好再上传，或者选择只导入没有错误的行', { params: { count: found.errors.length } })
  if (found.preview.rows === 0) throw new AppError('invalid', '没有可以导入的行')
  await move(tx, importMachine, found, 'apply', { actor })
}

/** Queues the first slice; each slice queues the next. */
export async function queueSlice(tx: Tx, import_id: string, position: number): Promise<void> {
  await enqueue(tx, importSlice, { import_id, position }, { key: `import-${import_id}-${position}` })
}

/** Writes one slice and says whether another follows; a slice already written is left alone. */
export async function applySlice(tx: Tx, vault: Vault, import_id: string, position: number): Promise<{ more: boolean }> {
  const found = await findImport(tx, import_id)
  const slice = await findSlice(tx, import_id, position)
  if (!found || !slice) throw new AppError('not-found', '没有找到这次导入')
  const actor = found.person_id === null ? null : { person_id: found.person_id, number: null }
  if (slice.done_at === null) await finishSlice(tx, slice.id, await writeRows(tx, vault, actor, found.kind, vault.open('roster', slice.rows_sealed)))
  if (await findSlice(tx, import_id, position + 1)) return { more: true }
  if (found.status === 'applying') await move(tx, importMachine, found, 'finish', { actor, set: { finished_at: tx.bus.clock.now() }, data: { import_id } })
  return { more: false }
}

async function writeRows(tx: Tx, vault: Vault, actor: Actor | null, kind: Roster['kind'], sealed: string): Promise<SliceOutcome> {
  if (kind === 'units') {
    const rows: { row: number; values: UnitRow }[] = JSON.parse(sealed)
    return await applyUnits(tx, rows)
  }
  const rows: { row: number; values: PersonRow }[] = JSON.parse(sealed)
  return await applyPeople(tx, vault, actor, rows)
}

export async function dropImport(tx: Tx, actor: Actor, id: string): Promise<void> {
  await move(tx, importMachine, { id }, 'drop', { actor })
  await forgetRows(tx, id)
}
