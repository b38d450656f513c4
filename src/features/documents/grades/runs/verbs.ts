import { isDuplicate, type Tx } from '../../../../platform/db.ts'
import { AppError } from '../../../../platform/errors.ts'
import { type Actor, emit } from '../../../../platform/events.ts'
import { newId } from '../../../../platform/ids.ts'
import { enqueue } from '../../../../platform/jobs.ts'
import { move } from '../../../../platform/machine.ts'
import { gradesAsked } from './events.ts'
import { FORSAKEN, gradeRunMachine, NOTHING, RUNS_KEPT } from './rules.ts'
import { forgetRuns, type GradeRun, insertRun, runsReading, type Sentence } from './store.ts'
import { fetchGrades } from './work.ts'

/** Has the source read; returns the run's id. Throws `conflict` while another reads. */
export async function beginRun(tx: Tx, actor: Actor | null, place: string): Promise<string> {
  const now = tx.bus.clock.now()
  for (const { id, began_at } of await runsReading(tx)) if (began_at < now - FORSAKEN) await failRun(tx, id, { text: '同步中断，没有做完' })
  const id = newId()
  try {
    await insertRun(tx, { id, place, asked_by: actor?.number ?? null, status: 'reading', turn: 'now', data_on: null, counts: NOTHING, errors: [], why: null, began_at: now, ended_at: null })
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('conflict', '正在同步，请等它做完')
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

/** What was written before stays: it was right. */
export async function failRun(tx: Tx, id: string, why: Sentence): Promise<void> {
  await move(tx, gradeRunMachine, { id }, 'fail', { actor: null, set: { turn: null, ended_at: tx.bus.clock.now(), why: JSON.stringify(why) }, data: { run_id: id } })
}
