import type { T } from '../../../platform/text.ts'
import { type EndedAs, MOST_COUNTED, type TaskView } from '../../approvals/index.ts'
import { STATUS_TAGS } from '../rules/standing.ts'
import type { Status } from '../rules/application.ts'
import { DECISIONS } from './timeline.ts'

const WANTED = { decide: '待办', claim: '待认领', reply: '待回复' }
/** What the own act was, where it was no decision. */
const ACTED: Partial<Record<EndedAs, string>> = {
  transfer: '已转交', delegate: '已委派', add: '已加签', claim: '已认领', 'give-back': '已退回任务池', 'send-back': '退回',
}

/** A task in 我收到的. */
export function taskCell(t: T, task: TaskView) {
  const tag = tagOf(task)
  return {
    title: t('{name}的{title}', { name: task.applicant_name, title: t(task.title) }),
    note: [task.applicant_number, t(task.label), ...(task.for_name ? [t('代{name}办理', { name: task.for_name })] : [])].filter(Boolean).join(' · '),
    href: task.url, tag: { ...tag, text: t(tag.text) }, time: task.ended_at ?? task.created_at,
  }
}

function tagOf({ status, ended_as, wants, suspended }: TaskView): { text: string; meaning: string } {
  if (status !== 'done' || ended_as === null) return suspended ? { text: '已暂停', meaning: 'grey' } : { text: WANTED[wants], meaning: 'amber' }
  const other = ACTED[ended_as]
  if (other) return { text: other, meaning: 'grey' }
  return DECISIONS[ended_as === 'approve' || ended_as === 'reject' || ended_as === 'reply' ? ended_as : 'return']
}

/** What was sent to read, in 抄送我的. */
export function copyCell(t: T, copy: { title: string; url: string; applicant_name: string; applicant_number: string | null; by_name: string | null; status: Exclude<Status, 'draft'>; created_at: number }) {
  const { text, meaning } = STATUS_TAGS[copy.status]
  return {
    title: t('{name}的{title}', { name: copy.applicant_name, title: t(copy.title) }),
    note: [copy.applicant_number, ...(copy.by_name ? [t('抄送人：{name}', { name: copy.by_name })] : [])].filter(Boolean).join(' · '),
    href: copy.url, tag: { text: t(text), meaning: String(meaning) }, time: copy.created_at,
  }
}

/** Counting stops somewhere; what lies beyond is said with a plus. */
export function countText(number: number): string | number {
  return number >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : number
}
