import type { EventRow } from '../../platform/events.ts'
import type { jobFigures, JobRow, JobStatus } from '../../platform/job-register.ts'
import type { T } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'
import { type ApplicationRow, STATUS_TAGS } from '../services/index.ts'
import { describe, jobTitle, KINDS, type Labels, placeOf } from './words.ts'

export const PAGE_SIZE = 50

type Figures = Awaited<ReturnType<typeof jobFigures>>
type Names = ReadonlyMap<string, string>
/** What does not work on this installation and how to mend it; a phrase for `t`. */
export type Warning = { text: string; params?: Record<string, string> }
type Query = Partial<Record<string, string>>

/** The rows of one page, and the address of the next; `rows` holds one more than is shown. */
function paged<Row extends { id: string }>(rows: readonly Row[], query: Query): { shown: readonly Row[]; next?: string } {
  const shown = rows.slice(0, PAGE_SIZE)
  const last = shown.at(-1)
  if (rows.length <= PAGE_SIZE || !last) return { shown }
  const kept = Object.entries(query).filter((pair): pair is [string, string] => pair[0] !== 'before' && Boolean(pair[1]))
  return { shown, next: `?${new URLSearchParams([...kept, ['before', last.id]])}` }
}

/** Figures are counted up to here; beyond it the number itself helps nobody. */
export const COUNTED = 1000

const upTo = (n: number) => n >= COUNTED ? `${COUNTED}+` : n

/** null where the reader may not know */
type Overview = {
  figures: Figures | null; running: number | null; endingRoles: number | null; latest: readonly ApplicationRow[] | null; events: readonly EventRow[] | null
  names: Names; warnings: readonly Warning[]; labels: Labels; person: SignedIn; t: T; now: number
}

export function overviewPage({ figures, running, endingRoles, latest, events, names, warnings, labels, person, t, now }: Overview) {
  return {
    title: t('总览'), warnings: warnings.map(({ text, params }) => t(text, params)),
    figures: [
      ...(running === null ? [] : [{ label: t('办理中的申请'), value: upTo(running), href: '/admin/applications?status=running' }]),
      ...(endingRoles === null ? [] : [{ label: t('14 天内到期的角色'), value: endingRoles, href: '/admin/roles?soon=1' }]),
      ...(figures === null ? [] : jobCards(figures, t, now)),
    ],
    latest: latest?.map(row => ({ title: t(row.title), note: `${row.person_name} ${row.person_number}`, time: row.submitted_at, tag: { ...STATUS_TAGS[row.status], text: t(STATUS_TAGS[row.status].text) }, href: `/applications/${row.id}` })),
    events: events?.map(event => {
      const actor = names.get(event.actor_id ?? '') ?? ''
      return { title: describe(event, actor, labels, t), note: actor ? `${actor} ${event.actor_number ?? ''}` : t('系统'), time: event.at, href: placeOf(event, labels, person) }
    }),
  }
}

function jobCards({ counts, oldestDue }: Figures, t: T, now: number) {
  const late = oldestDue === null ? 0 : Math.floor((now - oldestDue) / 60_000)
  return [
    { label: t('失败的作业'), value: upTo(counts.dead), href: '/admin/jobs?status=dead', ...(counts.dead > 0 && { trend: { text: t('需要处理'), meaning: 'red' } }) },
    { label: t('等待的作业'), value: upTo(counts.waiting), href: '/admin/jobs?status=waiting' },
    { label: t('最久的作业已等'), value: late, unit: t('分钟'), href: '/admin/jobs?status=waiting', ...(late > 10 && { trend: { text: t('比平时久'), meaning: 'amber' } }) },
  ]
}

const JOB_WORDS: Record<JobStatus, string> = { waiting: '等待', running: '运行中', dead: '失败', done: '完成' }

export function jobsPage({ rows, status, figures, t }: { rows: readonly JobRow[]; status: JobStatus; figures: Figures; t: T }) {
  const { shown, next } = paged(rows, { status })
  const statuses: JobStatus[] = ['dead', 'waiting', 'running', 'done']
  return {
    title: t('后台作业'), next, status, empty: t(status === 'dead' ? '没有失败的作业' : '没有这样的作业'),
    segments: statuses.map(each => ({ label: t(JOB_WORDS[each]), href: `?status=${each}`, current: each === status, count: figures.counts[each] })),
    jobs: shown.map(row => ({ ...row, error: row.error && t(row.error.replace(/^AppError: /, '')), title: jobTitle(row.name, t), when: row.finished_at ?? row.due_at })),
  }
}

type Events = { rows: readonly EventRow[]; names: Names; query: Query; labels: Labels; person: SignedIn; t: T }

export function eventsPage({ rows, names, query, labels, person, t }: Events) {
  const { shown, next } = paged(rows, query)
  return {
    title: t('事件记录'), next, query,
    kinds: Object.entries(KINDS).map(([kind, text]) => ({ value: `${kind}.`, text: t(text) })),
    rows: shown.map(row => {
      const actor = names.get(row.actor_id ?? '') ?? ''
      const href = placeOf(row, labels, person)
      return { id: row.id, cells: {
        at: { text: '', time: row.at }, what: { text: describe(row, actor, labels, t), ...(href && { href }) },
        actor: row.actor_number ? `${actor} ${row.actor_number}` : t('系统'), subject: { text: t('同一对象的记录'), href: `?subject=${row.subject}` },
      } }
    }),
  }
}
