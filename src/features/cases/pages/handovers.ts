import type { T } from '../../../platform/text.ts'
import type { Refusal, TaskView } from '../../approvals/index.ts'
import { saidIn } from './moves.ts'

type Handover = { id: string; from_name: string; to_name: string; reason: string; moved: number; kept: number; created_at: number; ended_at: number | null }
type Item = { task_id: string; outcome: 'moved' | 'kept'; sentence: string | null; title: string; subject: string; applicant_name: string; applicant_number: string | null }

export function handoverCell(t: T, { id, from_name, to_name, reason, moved, kept, created_at, ended_at }: Handover) {
  return {
    title: t('{from} → {to}', { from: from_name, to: to_name }), href: `/admin/handovers/${id}`, time: created_at,
    note: t('已交接 {moved} 项，没有交接 {kept} 项 · {reason}', { moved, kept, reason }), tag: ended_at === null ? { text: t('进行中'), meaning: 'blue' } : { text: t('已完成'), meaning: 'green' },
  }
}

/** What a person holds, and, where an heir is chosen, what of it could not go there. */
export function heldCell(t: T, task: TaskView, refusal: Refusal | null | undefined) {
  return {
    title: t('{name}的{title}', { name: task.applicant_name, title: t(task.title) }), href: `/admin/applications/${task.subject}`, time: task.created_at,
    note: refusal ? t(refusal.sentence, refusal.params) : t(task.label),
    ...(refusal !== undefined && { tag: refusal ? { text: t('不能交接'), meaning: 'red' } : { text: t('会交接'), meaning: 'green' } }),
  }
}

type Report = { handover: Handover; left: number; items: readonly Item[]; outcome: Item['outcome'] | undefined; page: number; t: T }

export function handoverPage({ handover, left, items, outcome, page, t }: Report) {
  const { id, from_name, to_name, reason, moved, kept, ended_at } = handover
  const shown = items.slice(0, page)
  const last = items.length > page ? shown.at(-1) : undefined
  const running = ended_at === null
  return {
    title: t('{from} → {to}', { from: from_name, to: to_name }), lead: reason, back: { label: t('待办交接'), href: '/admin/handovers' }, running,
    meter: { label: t(running ? '正在交接' : '已处理'), value: moved + kept, total: moved + kept + (running ? left : 0) },
    segments: [
      { label: t('全部'), href: `/admin/handovers/${id}`, current: !outcome, count: moved + kept },
      { label: t('已交接'), href: `/admin/handovers/${id}?outcome=moved`, current: outcome === 'moved', count: moved }, { label: t('没有交接'), href: `/admin/handovers/${id}?outcome=kept`, current: outcome === 'kept', count: kept },
    ],
    items: shown.map(item => ({
      title: t('{name}的{title}', { name: item.applicant_name, title: t(item.title) }), href: `/admin/applications/${item.subject}`,
      tag: item.outcome === 'moved' ? { text: t('已交接'), meaning: 'green' } : { text: t('没有交接'), meaning: 'red' }, ...(item.sentence && { note: saidIn(t, item.sentence) }),
    })),
    next: last && `?${new URLSearchParams({ ...(outcome && { outcome }), after: last.task_id })}`,
  }
}
