import type { AppError } from '../../../platform/errors.ts'
import type { EndedAs, Ending, InstanceStatus, TaskStatus, Wants } from './state.ts'

/** Why not, as a sentence for the reader; the page hides the button by it and the verb throws it. */
export type Refusal = { kind: 'forbidden' | 'conflict'; sentence: string; params?: AppError['params'] }

type TaskFacts = {
  person_id: string
  person_name: string
  status: TaskStatus
  ending: Pick<Ending, 'by_name' | 'as'> | null
  /** what is asked of who holds it: to decide, where nothing is said */
  wants?: Wants
  suspended?: boolean
}
type InstanceFacts = { applicant_id: string; status: InstanceStatus; suspended?: boolean }

export function canDecide(task: TaskFacts, person_id: string): boolean {
  return whyNotDecide(task, person_id) === null
}

/** `wants`: what the act answers; whoever is asked a question cannot decide, and who has not claimed a task cannot either. */
export function whyNotDecide(task: TaskFacts, person_id: string, wants: Wants = 'decide'): Refusal | null {
  if (task.person_id !== person_id) return { kind: 'forbidden', sentence: '这项待办由{name}办理', params: { name: task.person_name } }
  if (task.status === 'done') return { kind: 'conflict', sentence: DONE[task.ending?.as ?? 'withdraw'] ?? '申请人已撤回' }
  if (task.status === 'closed') return closedRefusal(task)
  if (task.suspended) return SUSPENDED
  return (task.wants ?? 'decide') === wants ? null : { kind: 'conflict', sentence: WANTED[task.wants ?? 'decide'] }
}

const SUSPENDED: Refusal = { kind: 'conflict', sentence: '这项审批已被管理员暂停，恢复后再办理' }
const WANTED: Record<Wants, string> = { decide: '这项待办要给出审批意见', claim: '这项待办要先认领', reply: '这项待办是征求意见，请回复' }

const DONE: Partial<Record<EndedAs, string>> = {
  approve: '已经同意过，不必再次办理', reject: '已经驳回过，不必再次办理', return: '已经退回过，不必再次办理', 'send-back': '已经退回过，不必再次办理',
  reply: '已经回复过，不必再次办理', transfer: '已经转交，不必再次办理', delegate: '已经委派，对方交回后再办理', add: '已经加签，加签人办完后再办理',
  claim: '已经认领，请打开认领后的待办', 'give-back': '已经退回任务池，需要时再次认领',
}

function closedRefusal({ ending }: TaskFacts): Refusal {
  if (!ending) return { kind: 'conflict', sentence: '申请人已撤回' }
  if (ending.by_name === null) return { kind: 'conflict', sentence: CLOSED_BY_NOBODY[ending.as] ?? '有环节没有找到办理人，申请已被驳回' }
  return { kind: 'conflict', sentence: CLOSED[ending.as] ?? '已由{name}处理，不必再办理', params: { name: ending.by_name } }
}

const CLOSED_BY_NOBODY: Partial<Record<EndedAs, string>> = {
  withdraw: '申请人已撤回', overdue: '已超过办理时限，由系统处理', failed: '系统调用失败，申请已被驳回', finish: '审批已经办结', jump: '流程已转到其他环节',
}

const CLOSED: Partial<Record<EndedAs, string>> = {
  approve: '已由{name}同意', reject: '已由{name}驳回', return: '已由{name}退回申请人', 'send-back': '已由{name}退回上一环节', claim: '已由{name}认领',
  'take-back': '{name}拿回了上一环节的意见', remove: '{name}已减签', reassign: '管理员{name}已改派', jump: '管理员{name}已把流程转到其他环节', end: '管理员{name}已终止审批', move: '管理员{name}已把流程迁移到其他版本',
}

export function whyNotWithdraw(instance: InstanceFacts, person_id: string): Refusal | null {
  if (instance.applicant_id !== person_id) return { kind: 'forbidden', sentence: '只有申请人可以撤回' }
  if (instance.status === 'running' || instance.status === 'returned') return null
  return { kind: 'conflict', sentence: WITHDRAWLESS[instance.status] }
}

const WITHDRAWLESS = {
  approved: '申请已经批准，不能撤回', rejected: '申请已被驳回，不能撤回', withdrawn: '申请已经撤回', revoked: '申请已经撤销', ended: '审批已被管理员终止',
}

export function whyNotResubmit(instance: InstanceFacts, person_id: string): Refusal | null {
  if (instance.applicant_id !== person_id) return { kind: 'forbidden', sentence: '只有申请人可以重新提交' }
  if (instance.status === 'returned') return null
  return { kind: 'conflict', sentence: RESUBMITLESS[instance.status] }
}

const RESUBMITLESS = {
  running: '申请正在审批，不必重新提交', approved: '申请已经批准，不必重新提交', rejected: '申请已被驳回，请重新申请',
  withdrawn: '申请已经撤回，请重新申请', revoked: '申请已经撤销，请重新申请', ended: '审批已被管理员终止，请重新申请',
}

/** 撤销 after the end. `allowed`: the flow's own word. */
export function whyNotRevoke(instance: InstanceFacts, allowed: boolean, person_id: string): Refusal | null {
  if (instance.applicant_id !== person_id) return { kind: 'forbidden', sentence: '只有申请人可以撤销' }
  if (instance.status !== 'approved') return { kind: 'conflict', sentence: '只有已经通过的申请可以撤销' }
  return allowed ? null : { kind: 'conflict', sentence: '这类申请通过后不能撤销，需要时请联系办理部门' }
}

/** More often than this, urging annoys without helping; Steedos users asked for fewer (workflow#1785). */
export const URGE_EVERY = 3_600_000

type UrgeFacts = InstanceFacts & { urged_at: number | null; /** does anybody hold a task of it? */ held?: boolean }

export function whyNotUrge(instance: UrgeFacts, person_id: string, now: number): Refusal | null {
  if (instance.applicant_id !== person_id) return { kind: 'forbidden', sentence: '只有申请人可以催办' }
  if (instance.status !== 'running') return { kind: 'conflict', sentence: URGELESS[instance.status] }
  if (instance.suspended) return { kind: 'conflict', sentence: '这项审批已被管理员暂停，恢复后再催办' }
  if (instance.held === false) return { kind: 'conflict', sentence: '现在没有人要办理，不必催办' }
  const wait = (instance.urged_at ?? -Infinity) + URGE_EVERY - now
  if (wait <= 0) return null
  return { kind: 'conflict', sentence: '刚刚催办过，{minutes} 分钟后可以再次催办', params: { minutes: Math.ceil(wait / 60_000) } }
}

const URGELESS = {
  returned: '申请已退回，请修改后重新提交', approved: '申请已经批准，不必催办', rejected: '申请已被驳回，不能催办',
  withdrawn: '申请已经撤回，不能催办', revoked: '申请已经撤销，不能催办', ended: '审批已被管理员终止，不能催办',
}

export type Intervening = 'reassign' | 'jump' | 'end' | 'suspend' | 'resume' | 'move'

/** 撤销 by an administrator, of what was approved. `allowed`: the flow's own word. */
export function whyNotCancel({ status }: { status: InstanceStatus }, allowed: boolean): Refusal | null {
  if (status !== 'approved') return { kind: 'conflict', sentence: '只有已经通过的申请可以撤销' }
  return allowed ? null : { kind: 'conflict', sentence: '这个事项规定通过后不能撤销' }
}

/** An administrator's act, while there is something to act on. */
export function whyNotIntervene({ status, suspended }: { status: InstanceStatus; suspended: boolean }, act: Intervening): Refusal | null {
  if (status === 'returned' && (act === 'end' || act === 'move')) return null
  if (status !== 'running') return { kind: 'conflict', sentence: '审批已经结束或者退回了申请人，不能干预' }
  if (act === 'end') return null
  if (act === 'resume') return suspended ? null : { kind: 'conflict', sentence: '这项审批没有暂停' }
  return suspended ? { kind: 'conflict', sentence: '这项审批已经暂停，请先恢复' } : null
}
