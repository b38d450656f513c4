import type { Tx } from '../../../../platform/db.ts'
import type { Actor } from '../../../../platform/events.ts'
import { enqueue } from '../../../../platform/jobs.ts'
import { move } from '../../../../platform/machine.ts'
import { importSlice } from '../../jobs/define-rosters.ts'
import { type Kept, type Left, takeRows } from '../../roster/plan-slice.ts'
import { writePeople, writeUnits } from '../../roster/write.ts'
import { importMachine } from '../../rules/import.ts'
import { countMissing } from '../../store/import-missing.ts'
import { findSlice, finishSlice, firstUndone, markRow, type SliceOutcome } from '../../store/import-rows.ts'
import { findImport, forgetParts, type Import, leaveTurn, savePreview } from '../../store/imports.ts'
import type { Vault } from '../../vault.ts'

/** Queues the first slice that is not written; each slice queues the next. */
export async function queueSlice(tx: Tx, import_id: string, run: number): Promise<void> {
  const position = await firstUndone(tx, import_id) ?? 0
  await enqueue(tx, importSlice, { import_id, position, run }, { key: `import-${import_id}-${run}-${position}` })
}

/**
 * Writes one slice and says whether another follows. A slice already written is left alone, and so is everything where the import was stopped
 * or begun anew since (`run`). A row that would now come to something else than the preview said is left out and told.
 */
export async function applySlice(tx: Tx, vault: Vault, import_id: string, position: number, run: number): Promise<{ more: boolean }> {
  const found = await findImport(tx, import_id)
  if (found?.status !== 'applying' || found.file.runs !== run) return { more: false }
  const slice = await findSlice(tx, vault, import_id, position)
  if (slice && !slice.done) await writeSlice(tx, vault, found, slice)
  if (await firstUndone(tx, import_id) !== null) return { more: true }
  await finish(tx, found)
  return { more: false }
}

async function writeSlice(tx: Tx, vault: Vault, found: Import, { id, rows }: { id: string; rows: Kept[] }): Promise<void> {
  const { units, people, left } = await takeRows(tx, vault, tx.bus.clock.now(), rows.filter(row => row.promise !== undefined))
  await writeUnits(tx, units)
  await writePeople(tx, vault, actorOf(found), people)
  for (const row of left) await markRow(tx, found.id, row)
  const outcome = count(rows, [...units, ...people].map(each => each.plan.outcome), left)
  await finishSlice(tx, vault, id, outcome, toCorrect(rows, left))
}

function count(rows: readonly Kept[], written: readonly ('created' | 'changed' | 'unchanged')[], left: readonly Left[]): SliceOutcome {
  const of = (outcome: string): number => written.filter(each => each === outcome).length + left.filter(each => each.outcome === outcome).length
  const refused = rows.filter(row => row.promise === undefined && row.cells !== undefined).length
  const unchanged = rows.filter(row => row.promise === undefined && row.cells === undefined).length
  return { created: of('created'), changed: of('changed'), unchanged: unchanged + of('unchanged'), refused: refused + of('refused'), conflict: of('conflict') }
}

/** The cells of rows that were not taken. */
function toCorrect(rows: readonly Kept[], left: readonly Left[]): Kept[] {
  const lines = new Set(left.filter(each => each.outcome !== 'unchanged').map(each => each.row))
  return rows.flatMap(({ row, promise, cells }) => (cells && (promise === undefined || lines.has(row)) ? [{ row, cells }] : []))
}

function actorOf({ file: { applied_by, applied_as } }: Import): Actor | null {
  return applied_by === null ? null : { person_id: applied_by, number: applied_as }
}

async function finish(tx: Tx, found: Import): Promise<void> {
  const { id, kind, preview } = found
  await savePreview(tx, id, { ...preview, missing: await countMissing(tx, id, kind) })
  await move(tx, importMachine, found, 'finish', { actor: actorOf(found), set: { finished_at: tx.bus.clock.now() }, data: { import_id: id } })
  await leaveTurn(tx, id)
  await forgetParts(tx, id)
}
