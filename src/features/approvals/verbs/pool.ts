import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import { type Refusal, whyNotDecide } from '../rules/can.ts'
import type { State, Task } from '../rules/state.ts'
import { remark } from './remark.ts'
import { demand, factsOf, play, takeTurnOfTask, taskIn, type Turn } from './turn.ts'

/** 认领: the task of a pool is one person's from now on, who gets a task of the own for it. */
export async function claim(deps: VerbDeps, tx: Tx, actor: Actor, { task_id }: { task_id: string }): Promise<void> {
  const turn = await takeTurnOfTask(tx, actor, task_id)
  const task = taskIn(turn, task_id)
  demand(whyNotDecide(factsOf(turn, task), actor.person_id, 'claim'))
  await claimTask(deps, turn, task)
}

export async function claimTask(deps: VerbDeps, turn: Turn, task: Task): Promise<void> {
  await remark(deps, turn, { act: 'claim', person_name: task.person_name, node: task.node })
  await play(deps, turn, { kind: 'claimed', at: deps.clock.now(), task: task.id, by: task.person_id })
}

/** 退回任务池: everyone of the pool may claim it again. */
export async function giveBack(deps: VerbDeps, tx: Tx, actor: Actor, { task_id }: { task_id: string }): Promise<void> {
  const turn = await takeTurnOfTask(tx, actor, task_id)
  const task = taskIn(turn, task_id)
  demand(whyNotDecide(factsOf(turn, task), actor.person_id) ?? whyNotGiveBack(turn.state, task))
  await remark(deps, turn, { act: 'give-back', person_name: task.person_name, node: task.node })
  await play(deps, turn, { kind: 'given-back', at: deps.clock.now(), task: task.id, by: task.person_id })
}

export function whyNotGiveBack({ seats, groups }: State, task: Task): Refusal | null {
  const group = groups[(seats[task.seat - 1]?.group ?? 0) - 1]
  return group?.mode === 'pool' && group.claimed === task.seat ? null : { kind: 'conflict', sentence: '这项待办不是认领来的，不能退回任务池' }
}
