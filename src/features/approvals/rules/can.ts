import type { AppError } from '../../../platform/errors.ts'
import type { Ending, InstanceStatus, TaskStatus } from './history.ts'

/** Why not, as a sentence for the reader; the page hides the button by it and the verb throws it. */
export type Refusal = { kind: 'forbidden' | 'conflict'; sentence: string; params?: AppError['params'] }

type TaskFacts = { person_id: string; person_name: string; status: TaskStatus; ending: Pick<Ending, 'by_name' | 'as'> | null }
type InstanceFacts = { applicant_id: string; status: InstanceStatus }

export function canDecide(task: TaskFacts, person_id: string): boolean {
  return whyNotDecide(task, person_id) === null
}

export function whyNotDecide(task: TaskFacts, person_id: string): Refusal | null {
  if (task.person_id !== person_id) return { kind: 'forbidden', sentence: '这项待办由{name}办理', params: { name: task.person_name } }
  if (task.status === 'open') return null
  if (task.status === 'done') return { kind: 'conflict', sentence: DONE[task.ending?.as ?? 'withdraw'] }
  return closedRefusal(task)
}

const DONE = { approve: '已经同意过，不必再次办理', reject: '已经驳回过，不必再次办理', return: '已经退回过，不必再次办理', withdraw: '申请人已撤回' }

function closedRefusal({ ending }: TaskFacts): Refusal {
  if (!ending || ending.as === 'withdraw') return { kind: 'conflict', sentence: '申请人已撤回' }
  if (ending.by_name === null) return { kind: 'conflict', sentence: '有环节没有找到办理人，申请已被驳回' }
  const sentence = { approve: '已由{name}同意', reject: '已由{name}驳回', return: '已由{name}退回申请人' }[ending.as]
  return { kind: 'conflict', sentence, params: { name: ending.by_name } }
}

export function whyNotWithdraw(instance: InstanceFacts, person_id: string): Refusal | null {
  if (instance.applicant_id !== person_id) return { kind: 'forbidden', sentence: '只有申请人可以撤回' }
  if (instance.status === 'running' || instance.status === 'returned') return null
  const sentence = { approved: '申请已经批准，不能撤回', rejected: '申请已被驳回，不能撤回', withdrawn: '申请已经撤回' }[instance.status]
  return { kind: 'conflict', sentence }
}

export function whyNotResubmit(instance: InstanceFacts, person_id: string): Refusal | null {
  if (instance.applicant_id !== person_id) return { kind: 'forbidden', sentence: '只有申请人可以重新提交' }
  if (instance.status === 'returned') return null
  const sentence = {
    running: '申请正在审批，不必重新提交', approved: '申请已经批准，不必重新提交',
    rejected: '申请已被驳回，请重新申请', withdrawn: '申请已经撤回，请重新申请',
  }[instance.status]
  return { kind: 'conflict', sentence }
}

/** More often than this, urging annoys without helping; Steedos users asked for fewer (workflow#1785). */
export const URGE_EVERY = 3_600_000

type UrgeFacts = InstanceFacts & { urged_at: number | null }

export function whyNotUrge(instance: UrgeFacts, person_id: string, now: number): Refusal | null {
  if (instance.applicant_id !== person_id) return { kind: 'forbidden', sentence: '只有申请人可以催办' }
  if (instance.status !== 'running') return { kind: 'conflict', sentence: URGELESS[instance.status] }
  const wait = (instance.urged_at ?? -Infinity) + URGE_EVERY - now
  if (wait <= 0) return null
  return { kind: 'conflict', sentence: '刚刚催办过，{minutes} 分钟后可以再次催办', params: { minutes: Math.ceil(wait / 60_000) } }
}

const URGELESS = {
  returned: '申请已退回，请修改后重新提交', approved: '申请已经批准，不必催办',
  rejected: '申请已被驳回，不能催办', withdrawn: '申请已经撤回，不能催办',
}
