import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import { canBeTakenBack } from '../rules/apply/take-back.ts'
import { type Refusal, whyNotRevoke } from '../rules/can.ts'
import type { Seat, State, Task } from '../rules/state.ts'
import type { Flow } from '../schema.ts'
import { checkedText, remark } from './remark.ts'
import { demand, play, takeTurn, takeTurnOfTask, taskIn } from './turn.ts'

/** 拿回 an own approval while the next has not acted; the task comes back to the person. */
export async function takeBack(deps: VerbDeps, tx: Tx, actor: Actor, { task_id }: { task_id: string }): Promise<void> {
  const turn = await takeTurnOfTask(tx, actor, task_id)
  const task = taskIn(turn, task_id)
  demand(whyNotTakeBack(turn.instance.flow, turn.state, task, actor.person_id))
  await remark(deps, turn, { act: 'take-back', person_name: task.person_name, node: task.node })
  await play(deps, turn, { kind: 'taken-back', at: deps.clock.now(), task: task_id, by: task.person_id })
}

export function whyNotTakeBack(flow: Flow, state: State, task: Task, person_id: string): Refusal | null {
  if (task.person_id !== person_id) return { kind: 'forbidden', sentence: '只有本人可以拿回' }
  if (state.status !== 'running' || state.suspended) return { kind: 'conflict', sentence: '审批已经办结、退回或暂停，不能拿回' }
  return canBeTakenBack(flow, state, task) ? null : { kind: 'conflict', sentence: '后面的环节已经办理，不能拿回' }
}

/** 减签: somebody whom the person called in and who has not signed. `seat`: its number. */
export async function removeSigner(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, seat }: { instance_id: string; seat: number }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  const removed = removableSeats(turn.state, actor.person_id).find(one => one.number === seat)
  if (!removed) throw new AppError('conflict', '这位加签人已经办理，或者不是由你加签的')
  const caller = turn.state.tasks.find(task => task.person_id === actor.person_id)
  await remark(deps, turn, { act: 'remove', person_name: caller?.person_name ?? '', node: removed.node, whom: removed.person_name })
  await play(deps, turn, { kind: 'signer-removed', at: deps.clock.now(), seat, by: actor.person_id })
}

/** Whom the person called in, and who has not signed yet. */
export function removableSeats({ seats, groups, tasks, nodes, status, suspended }: State, person_id: string): Seat[] {
  if (status !== 'running' || suspended) return []
  return seats.filter(({ group, verdict, gone, node }) => {
    const caller = groups[group - 1]?.seat ?? 0
    return caller > 0 && verdict === null && !gone && nodes[node - 1]?.status === 'open' && tasks.some(task => task.seat === caller && task.person_id === person_id)
  })
}

/** 撤销 what was approved, where the flow allows it. */
export async function revoke(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, reason }: { instance_id: string; reason: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotRevoke(turn.instance, turn.instance.flow.revoke === true, actor.person_id))
  const text = checkedText(reason, '请填写撤销的理由')
  await remark(deps, turn, { act: 'revoke', person_name: turn.instance.applicant_name, text })
  await play(deps, turn, { kind: 'revoked', at: deps.clock.now() })
}
