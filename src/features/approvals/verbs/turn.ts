import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import { advance } from '../rules/advance.ts'
import type { Refusal } from '../rules/can.ts'
import type { Entry, InstanceStatus, State } from '../rules/history.ts'
import { appendHistory, historyOf, type Instance, instanceOf, instanceOfTask, lockInstance, lockInstanceOfTask, nodeIdsOf } from '../store.ts'
import { answer } from './answer.ts'
import { record } from './record.ts'

/** An instance held by this transaction, as it stands. */
export type Turn = {
  tx: Tx
  actor: Actor
  instance: Instance
  history: readonly Entry[]
  state: State
  /** row ids of the nodes, by number */
  nodeIds: ReadonlyMap<number, string>
}

/** What a verb leaves behind. */
export type Standing = { instance_id: string; status: InstanceStatus }

/** What is told beside the entry: an approver's words for the applicant. */
export type Word = { comment?: string }

/**
 * Holds the instance first, then reads it: two or-sign approvers are two task rows, so a guard on the task alone would let both advance.
 * Whoever comes second waits here and then sees what the first has done.
 */
export async function takeTurn(tx: Tx, actor: Actor, instance_id: string): Promise<Turn> {
  const instance = await lockInstance(tx, instance_id) ? await instanceOf(tx, instance_id) : null
  return await readTurn(tx, actor, instance)
}

export async function takeTurnOfTask(tx: Tx, actor: Actor, task_id: string): Promise<Turn> {
  const instance = await lockInstanceOfTask(tx, task_id) ? await instanceOfTask(tx, task_id) : null
  return await readTurn(tx, actor, instance)
}

async function readTurn(tx: Tx, actor: Actor, instance: Instance | null): Promise<Turn> {
  if (!instance) throw new AppError('not-found', '没有找到这项审批')
  const history = await historyOf(tx, instance.id)
  return { tx, actor, instance, history, state: advance(instance.flow, history), nodeIds: await nodeIdsOf(tx, instance.id) }
}

/** Appends the entry, asks the rules of every node that begins by it, and brings the rows to what the history now says. */
export async function play(deps: VerbDeps, turn: Turn, entry: Entry, word: Word = {}): Promise<State> {
  const { tx, instance, history } = turn
  const added = [entry]
  let state = advance(instance.flow, [...history, ...added])
  while (state.ask) {
    added.push(await answer(deps, turn, state.ask))
    state = advance(instance.flow, [...history, ...added])
  }
  await appendHistory(tx, instance.id, history.length, added)
  await record(deps, turn, state, word)
  return state
}

export function demand(refusal: Refusal | null): void {
  if (refusal) throw new AppError(refusal.kind, refusal.sentence, refusal.params && { params: refusal.params })
}
