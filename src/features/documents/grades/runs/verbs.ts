import { isDuplicate, type Tx } from '../../../../platform/db.ts'
import { AppError } from '../../../../platform/errors.ts'
import { type Actor, emit } from '../../../../platform/events.ts'
import { newId } from '../../../../platform/ids.ts'
import { enqueue } from '../../../../platform/jobs.ts'
import { move } from '../../../../platform/machine.ts'
import { gradesAsked } from './events.ts'
import { dropProposals } from './proposals.ts'
import { BUSY, FORSAKEN, gradeRunMachine, NOTHING, RUNS_KEPT } from './rules.ts'
import { forgetRuns, type GradeRun, insertRun, runsOf, type Sentence } from './store.ts'
import { adoptGrades, fetchGrades } from './work.ts'

/** Has the source read; returns the run's id. Throws `conflict` while another reads. */
export async function beginRun(tx: Tx, actor: Actor | null, place: string): Promise<string> {
  const now = tx.bus.clock.now()
  for (const { id, began_at } of await runsOf(tx, ['reading', 'writing'])) if (began_at < now - FORSAKEN) await failRun(tx, id, { text: '同步中断，没有做完' })
  // What was read since is what is to be decided about.
  for (const { id } of await runsOf(tx, ['offered'])) await leaveRun(tx, actor, id)
  const id = newId()
  try {
    await insertRun(tx, { id, place, asked_by: actor?.number ?? null, status: 'reading', turn: 'now', data_on: null, counts: NOTHING, errors: [], why: null, differences: [], began_at: now, ended_at: null })
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('conflict', BUSY)
    throw error
  }
  await forgetRuns(tx, RUNS_KEPT)
  await emit(tx, gradesAsked, { run_id: id }, { subject: id, actor })
  await enqueue(tx, fetchGrades, { run_id: id }, { priority: actor ? 1 : 0, subject: id })
  return id
}

export async function finishRun(tx: Tx, { id, counts: { rows, created, changed, removed } }: Pick<GradeRun, 'id' | 'counts'>): Promise<void> {
  await move(tx, gradeRunMachine, { id }, 'finish', { actor: null, set: { turn: null, ended_at: tx.bus.clock.now() }, data: { run_id: id, rows, created, changed, removed } })
}

/** It is read; somebody says whether it shall be written. */
export async function offerRun(tx: Tx, { id, counts: { created, changed, removed } }: Pick<GradeRun, 'id' | 'counts'>): Promise<void> {
  await move(tx, gradeRunMachine, { id }, 'offer', { actor: null, set: { turn: null }, data: { run_id: id, created, changed, removed } })
}

/** Has what was read written. Throws `conflict` while another is read, or once it was decided. */
export async function adoptRun(tx: Tx, actor: Actor, id: string): Promise<void> {
  try {
    await move(tx, gradeRunMachine, { id }, 'adopt', { actor, set: { turn: 'now' }, data: { run_id: id } })
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('conflict', BUSY)
    throw error
  }
  await enqueue(tx, adoptGrades, { run_id: id }, { priority: 1, subject: id })
}

/** Everything stays as it was. */
export async function leaveRun(tx: Tx, actor: Actor | null, id: string): Promise<void> {
  await move(tx, gradeRunMachine, { id }, 'leave', { actor, set: { ended_at: tx.bus.clock.now() }, data: { run_id: id } })
  await dropProposals(tx, id)
}

/** What was written before stays: it was right. */
export async function failRun(tx: Tx, id: string, why: Sentence): Promise<void> {
  await dropProposals(tx, id)
  await move(tx, gradeRunMachine, { id }, 'fail', { actor: null, set: { turn: null, ended_at: tx.bus.clock.now(), why: JSON.stringify(why) }, data: { run_id: id } })
}
