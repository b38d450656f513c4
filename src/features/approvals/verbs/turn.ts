import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import { formFilled } from '../events.ts'
import { advance } from '../rules/advance.ts'
import type { Refusal } from '../rules/can.ts'
import type { Entry } from '../rules/history.ts'
import type { InstanceStatus, State, Task } from '../rules/state.ts'
import { writtenBy } from '../rules/writing.ts'
import { appendHistory, historyOf, type Instance, instanceOf, instanceOfTask, lockInstance, lockInstanceOfTask, type NodeRow, nodeRowsOf, updateForm } from '../store.ts'
import { answer } from './answer.ts'
import { record } from './record.ts'

/** An instance held by this transaction, as it stands. */
export type Turn = {
  tx: Tx
  /** null where time or a machine acts */
  actor: Actor | null
  instance: Instance
  history: readonly Entry[]
  state: State
  /** rows of the nodes, by number */
  nodes: ReadonlyMap<number, NodeRow>
}

/** What a verb leaves behind; `url` is the owner's page of it. */
export type Standing = { instance_id: string; status: InstanceStatus; url: string }

/** What is told beside the entry; `comment`: an approver's words for the applicant. */
export type Word = { comment?: string; /** for who is handed a task by this */ note?: string }

/**
 * Holds the instance first, then reads it: two or-sign approvers are two task rows, so a guard on the task alone would let both advance.
 * Whoever comes second waits here and then sees what the first has done.
 */
export async function takeTurn(tx: Tx, actor: Actor | null, instance_id: string): Promise<Turn> {
  const instance = await lockInstance(tx, instance_id) ? await instanceOf(tx, instance_id) : null
  return await readTurn(tx, actor, instance)
}

export async function takeTurnOfTask(tx: Tx, actor: Actor | null, task_id: string): Promise<Turn> {
  const instance = await lockInstanceOfTask(tx, task_id) ? await instanceOfTask(tx, task_id) : null
  return await readTurn(tx, actor, instance)
}

async function readTurn(tx: Tx, actor: Actor | null, instance: Instance | null): Promise<Turn> {
  if (!instance) throw new AppError('not-found', '没有找到这项审批')
  const history = await historyOf(tx, instance.id)
  return { tx, actor, instance, history, state: advance(instance.flow, history), nodes: await nodeRowsOf(tx, instance.id) }
}

/** Appends the entry, asks the world for every node that begins by it, and brings the rows to what the history now says. */
export async function play(deps: VerbDeps, turn: Turn, entry: Entry, word: Word = {}): Promise<State> {
  const { tx, history } = turn
  let { instance } = turn
  const added = [entry]
  let state = advance(instance.flow, added, history.length > 0 ? turn.state : undefined)
  while (state.ask) {
    const answered = await answer(deps, { ...turn, instance }, state, state.ask)
    const written = writtenBy(instance, state, answered)
    if (Object.keys(written).length > 0) instance = await writeForm({ ...turn, instance }, written)
    added.push(answered)
    state = advance(instance.flow, [answered], state)
  }
  await appendHistory(tx, instance.id, history.length, added)
  await record(deps, { ...turn, instance }, state, word)
  return state
}

/** Into the form as rules and conditions read it; its owner hears of it. */
export async function writeForm({ tx, actor, instance }: Turn, values: Record<string, unknown>): Promise<Instance> {
  const filled = { ...instance, form: { ...instance.form, ...values } }
  await updateForm(tx, instance.id, filled)
  const { id: instance_id, subject, kind } = instance
  await emit(tx, formFilled, { instance_id, subject, kind }, { subject, actor })
  return filled
}

export function taskIn({ state }: Pick<Turn, 'state'>, task_id: string): Task {
  const task = state.tasks.find(one => one.id === task_id)
  if (!task) throw new Error('approvals: a task row without its entry')
  return task
}

/** The task as the rules ask about it. */
export function factsOf({ state }: Pick<Turn, 'state'>, task: Task): Task & { suspended: boolean } {
  return { ...task, suspended: state.suspended }
}

export function demand(refusal: Refusal | null): void {
  if (refusal) throw new AppError(refusal.kind, refusal.sentence, refusal.params && { params: refusal.params })
}
