import type { Database, Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { VerbDeps } from '../deps.ts'
import { handoverBegun } from '../events.ts'
import { advance } from '../rules/advance.ts'
import { type Refusal, whyNotIntervene } from '../rules/can.ts'
import { historyOf, instanceOfTask } from '../store.ts'
import { countHandoverItems, handoverById, insertHandover, insertHandoverItem, setHandover, tasksToHandOver } from '../store-absence.ts'
import type { HandoversTable } from '../tables.ts'
import { handOverTasks } from '../work.ts'
import { reassign } from './intervene.ts'
import { whyNotFit } from './pass-on.ts'
import { checkedText } from './remark.ts'

/** 离职交接: all that a person holds goes to another, by a job. Returns its id. Whether the actor is an administrator the route says. */
export async function handOver(deps: VerbDeps, tx: Tx, actor: Actor, { from, to, reason }: { from: string; to: string; reason: string }): Promise<string> {
  const text = checkedText(reason, '请填写理由')
  if (from === to) throw new AppError('invalid', '请选择另一位接手的人', { fields: { to: '请选择另一位接手的人' } })
  const [[heir], leaver] = await Promise.all([deps.directory(tx).people([to]), deps.directory(tx).person(from)])
  if (!heir) throw new AppError('invalid', '请选择接手的人', { fields: { to: '请选择接手的人' } })
  const id = newId()
  await insertHandover(tx, {
    id, from_id: from, from_name: leaver?.name ?? '', to_id: to, to_name: heir.name, by_id: actor.person_id, by_number: actor.number, reason: text,
    moved: 0, kept: 0, created_at: deps.clock.now(), ended_at: null,
  })
  await emit(tx, handoverBegun, { handover_id: id, from_id: from, to_id: to }, { subject: from, actor })
  await enqueue(tx, handOverTasks, { handover_id: id })
  return id
}

/** So many tasks at a time: a slice ends well within its lease. */
const SLICE = 50

/**
 * Moves some of what is left, each with its result in a transaction of its own, so that it may be killed and begun again anywhere; true when
 * nothing is left. What cannot go to this person is kept, with why.
 */
export async function handOverSome(deps: VerbDeps, { db, write }: Pick<Database, 'db' | 'write'>, handover_id: string): Promise<boolean> {
  const handover = await handoverById(db, handover_id)
  if (!handover || handover.ended_at !== null) return true
  const tasks = await tasksToHandOver(db, handover, SLICE)
  for (const task of tasks) await handOverOne(deps, { write }, handover, task)
  const done = tasks.length < SLICE
  await write(async tx => setHandover(tx, handover_id, { ...await countHandoverItems(tx, handover_id), ended_at: done ? deps.clock.now() : null }))
  return done
}

async function handOverOne(deps: VerbDeps, { write }: Pick<Database, 'write'>, { id, to_id, by_id, by_number, reason }: HandoversTable, task: { id: string; instance_id: string }): Promise<void> {
  const item = { handover_id: id, task_id: task.id, instance_id: task.instance_id, created_at: deps.clock.now() }
  try {
    await write(async tx => {
      await reassign(deps, tx, { person_id: by_id, number: by_number }, { task_id: task.id, to: to_id, reason, quiet: true })
      await insertHandoverItem(tx, { ...item, outcome: 'moved', sentence: null })
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'upstream') throw error
    const sentence = JSON.stringify({ phrase: error.message, params: error.params ?? {} })
    await write(tx => insertHandoverItem(tx, { ...item, outcome: 'kept', sentence }))
  }
}

/** Why each of these tasks could not go to the person; null where it could. Asked of a page of tasks, before anything is moved. */
export async function foreseeHandOver(deps: VerbDeps, db: Db, tasks: readonly string[], to: string): Promise<Map<string, Refusal | null>> {
  const [heir] = await deps.directory(db).people([to])
  const refusals = new Map<string, Refusal | null>()
  for (const task_id of tasks) {
    const instance = await instanceOfTask(db, task_id)
    if (!heir || !instance) continue
    const state = advance(instance.flow, await historyOf(db, instance.id))
    const task = state.tasks.find(one => one.id === task_id)
    if (task) refusals.set(task_id, whyNotIntervene(state, 'reassign') ?? whyNotFit({ instance, state }, task, { person_id: heir.id, person_name: heir.name }, 'reassign'))
  }
  return refusals
}
