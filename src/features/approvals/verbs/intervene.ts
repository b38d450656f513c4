import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { VerbDeps } from '../deps.ts'
import { whyNotIntervene } from '../rules/can.ts'
import { dueOf } from '../rules/clock.ts'
import type { Intervention } from '../rules/history.ts'
import { isLive } from '../rules/run.ts'
import { stepsOf } from '../rules/tree.ts'
import { setSuspended } from '../store.ts'
import { tick } from '../work.ts'
import { chosenPeople, demandFit, wrong } from './pass-on.ts'
import { checkedText, remark } from './remark.ts'
import { actorOf } from './say.ts'
import { demand, play, takeTurn, takeTurnOfTask, taskIn, type Turn } from './turn.ts'

/*
 * What an administrator does, each with a reason. Whether somebody is one, the route says.
 */

const REASON = '请填写理由'

/** 改派 an open task to another. */
export async function reassign(deps: VerbDeps, tx: Tx, actor: Actor, { task_id, to, reason }: { task_id: string; to: string; reason: string }): Promise<void> {
  const turn = await takeTurnOfTask(tx, actor, task_id)
  const task = taskIn(turn, task_id)
  demand(whyNotIntervene(turn.state, 'reassign') ?? (task.status === 'open' ? null : { kind: 'conflict', sentence: '这项待办已经办理' }))
  const text = checkedText(reason, REASON)
  const [person] = await chosenPeople(deps, turn, to ? [to] : [])
  if (!person) throw wrong('请选择人员')
  demandFit(turn, task, person, 'reassign')
  await intervene(deps, turn, { act: 'reassign', node: task.node, whom: `${task.person_name} → ${person.person_name}`, text },
    by => ({ ...by, kind: 'reassigned', task: task_id, to: { ...person, rule: task.rule, reason: 'reassign' } }))
}

/** 跳转 to any step of the flow, behind or ahead. */
export async function jump(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, to, reason }: { instance_id: string; to: string; reason: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotIntervene(turn.state, 'jump'))
  const text = checkedText(reason, REASON)
  const step = stepsOf(turn.instance.flow).get(to)
  if (!step) throw wrong('请选择要跳到的环节')
  await intervene(deps, turn, { act: 'jump', whom: step.label, text }, by => ({ ...by, kind: 'jumped', to }))
}

/** 终止. */
export async function end(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, reason }: { instance_id: string; reason: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotIntervene(turn.state, 'end'))
  await intervene(deps, turn, { act: 'end', text: checkedText(reason, REASON) }, by => ({ ...by, kind: 'ended' }))
  if (turn.state.suspended) await setSuspended(tx, instance_id, null)
}

/** 暂停: nobody can act, and no time is counted. */
export async function suspend(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, reason }: { instance_id: string; reason: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotIntervene(turn.state, 'suspend'))
  await intervene(deps, turn, { act: 'suspend', text: checkedText(reason, REASON) }, by => ({ ...by, kind: 'suspended' }))
  await setSuspended(tx, instance_id, deps.clock.now())
}

/** 恢复: the clocks that stood still go on from where they were. */
export async function resume(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, reason }: { instance_id: string; reason: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotIntervene(turn.state, 'resume'))
  await intervene(deps, turn, { act: 'resume', text: checkedText(reason, REASON) }, by => ({ ...by, kind: 'resumed' }))
  await setSuspended(tx, instance_id, null)
  const steps = stepsOf(turn.instance.flow)
  for (const node of turn.state.nodes) {
    if (isLive(node) && dueOf(steps.get(node.step), node, turn.state)) await enqueue(tx, tick, { instance_id, node: node.number })
  }
}

type Doing = { act: 'reassign' | 'jump' | 'end' | 'suspend' | 'resume'; node?: number; whom?: string; text: string }

async function intervene(deps: VerbDeps, turn: Turn, doing: Doing, entry: (by: { at: number; by: string; by_name: string }) => Intervention): Promise<void> {
  const { person_id, person_name } = await actorOf(deps, turn)
  await remark(deps, turn, { ...doing, person_name })
  await play(deps, turn, entry({ at: deps.clock.now(), by: person_id, by_name: person_name }), { comment: doing.text })
}
