import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { VerbDeps } from '../deps.ts'
import { type Intervening, whyNotIntervene } from '../rules/can.ts'
import { dueOf } from '../rules/clock.ts'
import type { Intervention } from '../rules/history.ts'
import type { State } from '../rules/state.ts'
import { isLive } from '../rules/run.ts'
import { stepsOf } from '../rules/tree.ts'
import { setSuspended } from '../store.ts'
import { tick } from '../work.ts'
import { cardOf } from './card.ts'
import { chosenPeople, demandFit, wrong } from './pass-on.ts'
import { checkedText, remark } from './remark.ts'
import { actorOf } from './say.ts'
import { assigneeTold } from './tell.ts'
import { applicantToldOf, holderToldOfLoss, holderToldOfPause } from './tell-intervention.ts'
import { demand, play, takeTurn, takeTurnOfTask, taskIn, type Turn } from './turn.ts'

/*
 * What an administrator does, each with a reason. Whether somebody is one, the route says.
 */

export const REASON = '请填写理由'

/** 改派 an open task to another. `quiet`: who held it is not told, as where they have left. */
export async function reassign(deps: VerbDeps, tx: Tx, actor: Actor, { task_id, to, reason, quiet = false }: { task_id: string; to: string; reason: string; quiet?: boolean }): Promise<void> {
  const turn = await takeTurnOfTask(tx, actor, task_id)
  const task = taskIn(turn, task_id)
  demand(whyNotIntervene(turn.state, 'reassign') ?? (task.status === 'open' ? null : { kind: 'conflict', sentence: '这项待办已经办理' }))
  const text = checkedText(reason, REASON)
  const [person] = await chosenPeople(deps, turn, to ? [to] : [])
  if (!person) throw wrong('请选择人员')
  demandFit(turn, task, person, 'reassign')
  await intervene(deps, turn, { act: 'reassign', node: task.node, whom: `${task.person_name} → ${person.person_name}`, text },
    by => ({ ...by, kind: 'reassigned', task: task_id, to: { ...person, rule: task.rule, reason: 'reassign' } }))
  if (!quiet) await deps.messages.tellAll(tx, [holderToldOfLoss(turn, task, person.person_name, text)])
}

/** 跳转 to any step of the flow, behind or ahead. */
export async function jump(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, to, reason }: { instance_id: string; to: string; reason: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotIntervene(turn.state, 'jump'))
  const text = checkedText(reason, REASON)
  const step = stepsOf(turn.instance.flow).get(to)
  if (!step) throw wrong('请选择要跳到的环节')
  await intervene(deps, turn, { act: 'jump', whom: step.label, text }, by => ({ ...by, kind: 'jumped', to }))
  await deps.messages.tellAll(tx, [applicantToldOf(turn, 'jump', text)])
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
  const text = checkedText(reason, REASON)
  await intervene(deps, turn, { act: 'suspend', text }, by => ({ ...by, kind: 'suspended' }))
  await setSuspended(tx, instance_id, deps.clock.now())
  const holders = turn.state.tasks.filter(task => task.status === 'open')
  await deps.messages.tellAll(tx, [applicantToldOf(turn, 'suspend', text), ...holders.map(task => holderToldOfPause(turn, task, text))])
}

/** 恢复: the clocks that stood still go on from where they were. */
export async function resume(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, reason }: { instance_id: string; reason: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotIntervene(turn.state, 'resume'))
  const text = checkedText(reason, REASON)
  await intervene(deps, turn, { act: 'resume', text }, by => ({ ...by, kind: 'resumed' }))
  await setSuspended(tx, instance_id, null)
  await lookAgain(turn, turn.state)
  const holders = turn.state.tasks.filter(task => task.status === 'open')
  const again = await Promise.all(holders.map(async task => assigneeTold(turn, turn.state, task, { card: await cardOf(deps, turn, turn.state, task) })))
  await deps.messages.tellAll(tx, [applicantToldOf(turn, 'resume', text), ...again])
}

/** Clocks whose jobs found nothing to do, or that the flow has only now. */
export async function lookAgain({ tx, instance }: Turn, state: State): Promise<void> {
  const steps = stepsOf(instance.flow)
  for (const node of state.nodes) {
    if (isLive(node) && dueOf(steps.get(node.step), node, state)) await enqueue(tx, tick, { instance_id: instance.id, node: node.number }, { subject: instance.subject })
  }
}

type Doing = { act: Intervening; node?: number; whom?: string; text: string }

/** With its reason in the trail. */
export async function intervene(deps: VerbDeps, turn: Turn, doing: Doing, entry: (by: { at: number; by: string; by_name: string }) => Intervention): Promise<State> {
  const { person_id, person_name } = await actorOf(deps, turn)
  await remark(deps, turn, { ...doing, person_name })
  return await play(deps, turn, entry({ at: deps.clock.now(), by: person_id, by_name: person_name }), { comment: doing.text })
}
