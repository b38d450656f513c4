import type { T } from '../../../platform/text.ts'
import { MOST_COUNTED, type TaskView } from '../../approvals/index.ts'
import { DECISIONS } from './timeline.ts'

/** A task in 我收到的. */
export function taskCell(t: T, task: TaskView) {
  const done = task.status === 'done' && task.ended_as !== null && task.ended_as !== 'withdraw'
  const tag = done ? DECISIONS[task.ended_as === 'approve' ? 'approve' : task.ended_as === 'reject' ? 'reject' : 'return'] : { text: '待办', meaning: 'amber' }
  return {
    title: t('{name}的{title}', { name: task.applicant_name, title: t(task.title) }),
    note: [task.applicant_number, t(task.label)].filter(Boolean).join(' · '),
    href: task.url, tag: { ...tag, text: t(tag.text) }, time: task.ended_at ?? task.created_at,
  }
}

/** Counting stops somewhere; what lies beyond is said with a plus. */
export function countText(number: number): string | number {
  return number >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : number
}
