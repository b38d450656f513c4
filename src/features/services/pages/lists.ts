import { dayParts } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { type EndedAs, MOST_COUNTED, type TaskView } from '../../approvals/index.ts'
import { STATUS_TAGS } from '../rules/standing.ts'
import type { Service } from '../catalogue.ts'
import type { Sent } from '../rules/application.ts'
import { addressOf, faultOfPeriod, isNarrowed, type Listing, WHOLE } from '../rules/listing.ts'
import type { ApplicationRow } from '../store/applications.ts'
import { applicationCell } from './service.ts'
import { DECISIONS } from './timeline.ts'

const WANTED = { decide: '待办', claim: '待认领', reply: '待回复' }
/** What the own act was, where it was no decision. */
const ACTED: Partial<Record<EndedAs, string>> = {
  transfer: '已转交', delegate: '已委派', add: '已加签', claim: '已认领', 'give-back': '已退回任务池', 'send-back': '退回',
}

const LATE = { text: '已超时', meaning: 'red' } as const

const isLate = ({ due_at }: { due_at: number | null }, now: number) => due_at !== null && due_at < now

function dueWords(t: T, { due_at }: { due_at: number | null }): string[] {
  return due_at === null ? [] : [t('{month}{day}日 {time} 前办理', dayParts(t, due_at))]
}

/** An application in 我发出的: what is late says so. */
export function sentCell(t: T, line: ApplicationRow, now: number) {
  const cell = applicationCell(t, line)
  return line.status === 'running' && isLate(line, now) ? { ...cell, tag: { ...LATE, text: t(LATE.text) } } : cell
}

type Offered = { services: readonly Service[]; statuses: readonly Sent[]; late: boolean }

/** What a list can be narrowed by; everything is in its address. `late`: may what is here be late? */
export function filtersPage(t: T, path: string, listing: Listing, { services, statuses, late }: Offered) {
  const { state, usual, service, status, from, to, q } = listing
  const fault = faultOfPeriod(listing)
  const options = [
    ...(services.length > 1 ? [{ name: 'service', type: 'select', label: t('事项'), value: service, options: services.map(({ key, definition }) => ({ value: key, text: t(definition.title) })) }] : []),
    ...(statuses.length > 1 ? [{ name: 'status', type: 'select', label: t('状态'), value: status, options: statuses.map(value => ({ value, text: t(STATUS_TAGS[value].text) })) }] : []),
    { name: 'from', type: 'date', label: t('开始日期'), value: from },
    { name: 'to', type: 'date', label: t('结束日期'), value: to, error: fault && t(fault) },
    ...(late ? [{ name: 'late', type: 'checkbox', label: t('只看超时的'), checked: listing.late }] : []),
  ]
  return {
    action: path, target: 'list', hidden: state === usual ? {} : { state }, search: { value: q, label: t('编号、事项、姓名或学工号') }, fields: options,
    fold: { label: t('筛选'), open: isNarrowed({ ...listing, q: '' }) },
    clear: isNarrowed(listing) ? addressOf(path, listing, WHOLE) : undefined,
  }
}

/** A task in 我收到的. */
export function taskCell(t: T, task: TaskView, now: number) {
  const open = task.status === 'open' && !task.suspended
  const tag = open && isLate(task, now) ? LATE : tagOf(task)
  return {
    title: t('{name}的{title}', { name: task.applicant_name, title: t(task.title) }),
    note: [task.applicant_number, t(task.label), ...(task.for_name ? [t('代{name}办理', { name: task.for_name })] : []), ...(open ? dueWords(t, task) : [])].filter(Boolean).join(' · '),
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
export function copyCell(t: T, copy: { title: string; url: string; applicant_name: string; applicant_number: string | null; by_name: string | null; status: Sent; created_at: number }) {
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
