import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import type { VerbDeps } from '../deps.ts'
import { decided } from '../events.ts'
import { whyNotDecide } from '../rules/can.ts'
import type { Decision, Task } from '../rules/history.ts'
import { insertDecision } from '../store.ts'
import { demand, play, type Standing, takeTurnOfTask, type Turn } from './turn.ts'

export const LONGEST_COMMENT = 500

export type Deciding = { task_id: string; decision: Decision; comment?: string; via?: 'page' | 'card' }

/** 同意, 驳回 or 退回申请人 an own open task. Throws `invalid` without a reason for the last two, `conflict` with what happened meanwhile. */
export async function decide(deps: VerbDeps, tx: Tx, actor: Actor, input: Deciding): Promise<Standing> {
  const turn = await takeTurnOfTask(tx, actor, input.task_id)
  const task = taskIn(turn, input.task_id)
  demand(whyNotDecide(task, actor.person_id))
  return await decideTask(deps, turn, task, input)
}

export function taskIn({ state }: Turn, task_id: string): Task {
  const task = state.tasks.find(one => one.id === task_id)
  if (!task) throw new Error('approvals: a task row without its entry')
  return task
}

export async function decideTask(deps: VerbDeps, turn: Turn, task: Task, { decision, comment = '', via = 'page' }: Deciding): Promise<Standing> {
  const { tx, actor, instance, nodeIds } = turn
  const said = checkedComment(decision, comment)
  const at = deps.clock.now()
  const node_id = nodeIds.get(task.node) ?? ''
  const id = newId()
  const { id: task_id, person_id, person_name } = task
  await insertDecision(tx, { id, instance_id: instance.id, node_id, task_id, person_id, person_name, decision, comment: said, via, created_at: at })
  await emit(tx, decided, { decision_id: id, task_id, instance_id: instance.id, decision }, { subject: instance.subject, actor })
  const act = { at, task: task_id, by: person_id }
  const entry = decision === 'return' ? { ...act, kind: 'returned' as const, to: 'applicant' as const } : { ...act, kind: 'decided' as const, decision }
  const state = await play(deps, turn, entry, { comment: said })
  return { instance_id: instance.id, status: state.status }
}

function checkedComment(decision: Decision, comment: string): string {
  const said = comment.trim()
  const fault = faultOf(decision, said)
  if (fault) throw new AppError('invalid', fault, { fields: { comment: fault }, params: { most: LONGEST_COMMENT } })
  return said
}

function faultOf(decision: Decision, said: string): string | null {
  if (decision === 'reject' && said === '') return '请填写驳回的理由'
  if (decision === 'return' && said === '') return '请写明需要修改什么'
  return [...said].length > LONGEST_COMMENT ? '意见不能超过 {most} 个字' : null
}
