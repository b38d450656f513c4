import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import { contactSlice } from '../jobs/define-contacts.ts'
import { contactRunMachine, pullPhases, pushPhases, RUN_SILENT, type Totals } from '../rules/contact-run.ts'
import type { Decision, DifferenceField } from '../rules/differences.ts'
import { findRun, insertRun, type RunKind, runningRun, type RunRow, updateRun } from '../store/contact-runs.ts'

/** Begins to read the address book; `conflict` while that is being done. */
export async function beginPull(tx: Tx, actor: Actor | null): Promise<string> {
  const id = await begin(tx, 'pull', actor, pullPhases[0])
  if (id === null) throw new AppError('conflict', '正在核对通讯录，请等它做完', { code: 'contacts:running' })
  return id
}

/**
 * Begins to write what is due, after looking through the roster for what changed where `marking` is asked for. While that is being done
 * already, it is done again afterwards: nothing that is marked now is left out.
 */
export async function beginPush(tx: Tx, actor: Actor | null, { marking }: { marking: boolean }): Promise<void> {
  const first = marking ? pushPhases[0] : pushPhases[1]
  if (await begin(tx, 'push', actor, first) !== null) return
  // The running one may have ended in between; then there is nobody left to do it again.
  if (!await askAgain(tx, marking ? 2 : 1)) await begin(tx, 'push', actor, first)
}

/** 1: what is due, 2: the roster too. */
export async function askAgain(tx: Tx, again: 1 | 2): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_contact_runs')
    .set(({ case: when, ref }) => ({ again: when().when('again', '>', again).then(ref('again')).else(again).end() }))
    .where('current_kind', '=', 'push').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Begins to decide all open differences of a field alike; `conflict` while another such is under way. */
export async function beginDeciding(tx: Tx, actor: Actor, { field, decision }: { field: DifferenceField; decision: Decision }): Promise<void> {
  if (await begin(tx, 'decide', actor, `${decision} ${field}`) === null) throw new AppError('conflict', '上一次批量处理还没有做完，请等它做完', { code: 'contacts:running' })
}

/** Null where one is running. */
async function begin(tx: Tx, kind: RunKind, actor: Actor | null, phase: string): Promise<string | null> {
  const now = tx.bus.clock.now()
  const running = await runningRun(tx, kind)
  if (running && Math.max(running.updated_at, running.waits_until ?? 0) > now - RUN_SILENT) return null
  if (running) await move(tx, contactRunMachine, running, 'fail', { actor: null, set: { current_kind: null, problem: 'contacts:silent', finished_at: now } })
  const run: RunRow = {
    id: newId(), kind, status: 'running', current_kind: kind, phase, cursor_at: '', position: 0, again: 0, totals: '{}', problem: null, waits_until: null,
    person_id: actor?.person_id ?? null, started_at: now, updated_at: now, finished_at: null,
  }
  try {
    await insertRun(tx, run)
  } catch (error) {
    if (isDuplicate(error)) return null
    throw error
  }
  await queueSlice(tx, run.id, 0)
  return run.id
}

async function queueSlice(tx: Tx, run_id: string, position: number, at?: number): Promise<void> {
  await enqueue(tx, contactSlice, { run_id, position }, { key: `contacts-${run_id}-${position}`, ...(at !== undefined && { at }) })
}

/** How far the slice came; nothing else is kept of it, so that a process that ends here begins at this place again. */
export async function recordProgress(tx: Tx, run: RunRow, { cursor, totals }: { cursor: string; totals: Totals }): Promise<void> {
  await updateRun(tx, run.id, { cursor_at: cursor, totals: JSON.stringify(totals), problem: null, waits_until: null })
}

/** Ends a slice and queues the next one: of the same phase, or of the next. After the last phase the run is done. */
export async function endSlice(tx: Tx, run: RunRow, { phase, cursor, totals, wait }: { phase: string | null; cursor: string; totals: Totals; wait: number }): Promise<void> {
  const now = tx.bus.clock.now()
  const position = run.position + 1
  if (phase === null) return await finish(tx, run, totals)
  await updateRun(tx, run.id, { phase, cursor_at: cursor, position, totals: JSON.stringify(totals), problem: null, waits_until: null })
  await queueSlice(tx, run.id, position, wait > 0 ? now + wait : undefined)
}

async function finish(tx: Tx, { id, kind }: RunRow, totals: Totals): Promise<void> {
  const now = tx.bus.clock.now()
  // The update makes the database put this and whoever asks for another run in line.
  await updateRun(tx, id, { totals: JSON.stringify(totals), problem: null, waits_until: null })
  const again = (await findRun(tx, id))?.again ?? 0
  await move(tx, contactRunMachine, { id }, 'finish', { actor: null, data: { run_id: id, kind }, set: { current_kind: null, finished_at: now } })
  if (kind === 'push' && again > 0) await beginPush(tx, null, { marking: again > 1 })
}

/** It waits for the platform, or stays as it is for good. */
export async function recordTrouble(tx: Tx, run: RunRow, { problem, waits_until, last }: { problem: string; waits_until: number | null; last: boolean }): Promise<void> {
  await updateRun(tx, run.id, { problem, waits_until })
  if (last) await move(tx, contactRunMachine, run, 'fail', { actor: null, set: { current_kind: null, finished_at: tx.bus.clock.now() } })
}
