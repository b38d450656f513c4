import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import type { Flow } from '../define.ts'
import type { VerbDeps } from '../deps.ts'
import { type Refusal, whyNotIntervene } from '../rules/can.ts'
import { faultsOf } from '../rules/check-flow.ts'
import { dueAt } from '../rules/clock.ts'
import { isLive } from '../rules/run.ts'
import type { State } from '../rules/state.ts'
import { stepsOf } from '../rules/tree.ts'
import { type Instance, setDue, updateFlow } from '../store.ts'
import { intervene, lookAgain, REASON } from './intervene.ts'
import { checkedText } from './remark.ts'
import { applicantToldOf } from './tell-intervention.ts'
import { demand, takeTurn, type Turn } from './turn.ts'

/** `whom`: the two versions as the timeline names them. What the form says now comes with the flow, for they belong together. */
export type Changing = { instance_id: string; flow: Flow; whom: string; reason: string } & Pick<Instance, 'title' | 'form' | 'summary'>

/** Goes on by another flow. Throws `conflict` where it would come to its end by that alone, or cannot go on. */
export async function changeFlow(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, flow, whom, reason, ...told }: Changing): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotIntervene(turn.state, 'move'))
  const text = checkedText(reason, REASON)
  if (faultsOf(flow, deps.approvers).length > 0) throw new AppError('conflict', '这个版本的审批流程有误，不能迁移')
  const instance = { ...turn.instance, ...told, flow }
  await updateFlow(tx, instance_id, instance)
  const after = await intervene(deps, { ...turn, instance }, { act: 'move', whom, text }, by => ({ ...by, kind: 'moved', from: turn.instance.flow }))
  demand(whyNotEndSo(turn.state, after))
  await wind(deps, { ...turn, instance }, after)
  await deps.messages.tellAll(tx, [applicantToldOf(turn, 'move', text)])
}

/** Nothing is approved or rejected by moving it. */
export function whyNotEndSo(before: Pick<State, 'status'>, after: Pick<State, 'status'>): Refusal | null {
  return before.status === after.status ? null : { kind: 'conflict', sentence: '新版本里已经没有要办的环节，迁移会直接办结，请在原来的版本上办完' }
}

/** What is open stays open under the limits of the new flow. */
async function wind({ workingTime }: VerbDeps, turn: Turn, after: State): Promise<void> {
  const steps = stepsOf(turn.instance.flow)
  for (const node of turn.state.nodes.filter(isLive).map(({ number }) => after.nodes[number - 1])) {
    const step = node && isLive(node) ? steps.get(node.step) : undefined
    if (node && step) await setDue(turn.tx, { instance_id: turn.instance.id, number: node.number, due_at: dueAt(workingTime, step, node) })
  }
  await lookAgain(turn, after)
}
