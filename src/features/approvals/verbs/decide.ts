import { AppError } from '../../../platform/errors.ts'
import type { Tx } from '../../../platform/db.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { asksOf, choosingFor, demandChosen } from '../choosing.ts'
import type { VerbDeps } from '../deps.ts'
import { decided } from '../events.ts'
import { whyNotDecide } from '../rules/can.ts'
import type { Act, Chosen } from '../rules/history.ts'
import { earlierSteps } from '../rules/places.ts'
import type { Decision, Task } from '../rules/state.ts'
import { stepsOf } from '../rules/tree.ts'
import { insertDecision } from '../store.ts'
import { checkedText, remark } from './remark.ts'
import { demand, factsOf, play, type Standing, takeTurnOfTask, taskIn, type Turn } from './turn.ts'

export type Deciding = {
  task_id: string
  decision: Decision
  comment?: string
  via?: 'page' | 'card'
  /** 退回: to the applicant (default) or to the step of this id */
  to?: string
  /** after a return: straight back to who returned it, and not all the way again */
  straight?: boolean
  /** whom an approver names for later steps */
  chosen?: Chosen
  /** what the owner of the subject knows the handwritten signature by, at most 40 characters */
  signature?: string | null
}

type Decided = Standing & { decision_id: string }

/**
 * 同意, 驳回 or 退回 an own open task, or the answer to a question. Throws `invalid` where a reason, a choice or a signature is missing or the step
 * cannot be returned to, `conflict` with what happened meanwhile.
 */
export async function decide(deps: VerbDeps, tx: Tx, actor: Actor, input: Deciding): Promise<Decided> {
  const turn = await takeTurnOfTask(tx, actor, input.task_id)
  const task = taskIn(turn, input.task_id)
  demand(whyNotDecide(factsOf(turn, task), actor.person_id, input.decision === 'reply' ? 'reply' : 'decide'))
  return await decideTask(deps, turn, task, input)
}

export async function decideTask(deps: VerbDeps, turn: Turn, task: Task, input: Deciding): Promise<Decided> {
  const { tx, actor, instance, nodes } = turn
  const { decision, comment = '', via = 'page' } = input
  const said = checkedText(comment, REASONS[decision])
  const { chosen, signature } = await askedOf(deps, turn, task, input)
  const entry = entryOf(turn, task, { ...input, chosen }, deps.clock.now())
  const node_id = nodes.get(task.node)?.id ?? ''
  const id = newId()
  const { id: task_id, person_id, person_name } = task
  await insertDecision(tx, { id, instance_id: instance.id, node_id, task_id, person_id, person_name, decision, comment: said, via, signature, created_at: entry.at })
  await emit(tx, decided, { decision_id: id, task_id, instance_id: instance.id, decision }, { subject: instance.subject, actor })
  if (entry.kind === 'returned' && entry.to !== 'applicant') {
    await remark(deps, turn, { act: 'send-back', person_name, node: task.node, whom: stepsOf(instance.flow).get(entry.to)?.label ?? '' })
  }
  const advises = turn.state.groups[(turn.state.seats[task.seat - 1]?.group ?? 0) - 1]?.place === 'delegate'
  const state = await play(deps, turn, entry, { comment: said, ...(advises && { note: said }) })
  return { decision_id: id, instance_id: instance.id, status: state.status, url: instance.url }
}

const REASONS: Record<Decision, string | null> = { approve: null, reject: '请填写驳回的理由', return: '请写明需要修改什么', reply: '请填写回复' }

/** What the step asks of who approves, besides an opinion. */
async function askedOf(deps: VerbDeps, { tx, instance, state }: Turn, task: Task, { decision, chosen, signature = null }: Deciding): Promise<{ chosen: Chosen; signature: string | null }> {
  if (decision !== 'approve') return { chosen: {}, signature: null }
  const { by, signs } = asksOf({ flow: instance.flow, state }, task)
  if (signs && signature === null) throw new AppError('invalid', UNSIGNED, { fields: { signature: UNSIGNED } })
  return { chosen: by === null ? {} : await demandChosen(deps, tx, choosingFor(instance, state), by, chosen), signature: signs ? signature : null }
}

const UNSIGNED = '这一环节要手写签名，请签名后再同意'

function entryOf(turn: Turn, task: Task, { decision, to = 'applicant', straight, chosen = {} }: Deciding, at: number): Act {
  const act = { at, task: task.id, by: task.person_id }
  if (decision === 'reply') return { ...act, kind: 'replied' }
  if (decision !== 'return') return { ...act, kind: 'decided', decision, ...(Object.keys(chosen).length > 0 && { chosen }) }
  if (to !== 'applicant' && !earlierSteps(turn.instance.flow, turn.state, task).includes(to)) {
    throw new AppError('invalid', '请选择已经办过的环节', { fields: { to: '请选择已经办过的环节' } })
  }
  return { ...act, kind: 'returned', to, ...(straight && { straight }) }
}
