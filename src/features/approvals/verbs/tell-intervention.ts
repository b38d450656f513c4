import { textIn } from '../../../platform/text.ts'
import type { Tell } from '../../messages/index.ts'
import type { Task } from '../rules/state.ts'
import type { Turn } from './turn.ts'

const t = textIn('zh')

const TITLES = {
  jump: '{title}的审批已被管理员转到其他环节', suspend: '{title}的审批已被管理员暂停', resume: '{title}的审批已恢复', move: '{title}改按新版本的流程办理', cancel: '{title}通过后已被管理员撤销',
} as const

/** The applicant of what was done to their application, and why. That it was ended record.ts tells, as any end. */
export function applicantToldOf({ instance }: Pick<Turn, 'instance'>, act: keyof typeof TITLES, reason: string): Tell {
  const { applicant_id, title, subject, url } = instance
  return { to: applicant_id, kind: 'approvals.intervened', title: t(TITLES[act], { title }), subject, url, lines: [{ label: t('理由'), value: reason }] }
}

/** Whoever held what is now another's. */
export function holderToldOfLoss({ instance }: Pick<Turn, 'instance'>, task: Task, to: string, reason: string): Tell {
  const { applicant_name: name, title } = instance
  return { ...aside(instance, task, reason), title: t('{name}的{title}已改派给{other}，不必再办理', { name, title, other: to }) }
}

/** Whoever holds what rests for now. */
export function holderToldOfPause({ instance }: Pick<Turn, 'instance'>, task: Task, reason: string): Tell {
  const { applicant_name: name, title } = instance
  return { ...aside(instance, task, reason), title: t('{name}的{title}已被管理员暂停，恢复后再办理', { name, title }) }
}

function aside({ subject, url }: Turn['instance'], task: Task, reason: string) {
  return { to: task.person_id, kind: 'approvals.intervened', subject, url, lines: [{ label: t('理由'), value: reason }] }
}
