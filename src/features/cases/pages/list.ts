import { SCHOOL_OFFSET } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { type ApplicationRow, type CaseFilters, type Status, STATUS_TAGS } from '../../services/index.ts'

export const PAGE = 50

export const QUERY = ['q', 'service', 'status', 'holder', 'overdue', 'from', 'until', 'before'] as const
export type Query = Partial<Record<(typeof QUERY)[number], string>>

export const STATUSES = ['running', 'returned', 'approved', 'rejected', 'withdrawn', 'revoked', 'ended'] as const satisfies readonly Status[]

/** A day of the address (2026-11-21) as the instant it begins at school; undefined for what is none. */
export function dayStart(text: string | undefined): number | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return Number.isNaN(at) ? undefined : at - SCHOOL_OFFSET
}

const DAY = 86_400_000

/** What the address asks for, but whom it asks the database about. */
export function filtersOf({ q, status, from, until, before }: Query): Omit<CaseFilters, 'services' | 'among'> {
  const last = dayStart(until)
  return { q: q?.trim() || undefined, status: STATUSES.find(each => each === status), from: dayStart(from), until: last === undefined ? undefined : last + DAY, before, limit: PAGE + 1 }
}

type Places = ReadonlyMap<string, readonly { label: string; person_name: string; due_at: number | null }[]>
type Listing = {
  rows: readonly ApplicationRow[]
  places: Places
  query: Query
  services: readonly { key: string; title: string }[]
  /** may the reader move applications to another version? */
  mayMove: boolean
  t: T
  now: number
}

export function listPage({ rows, places, query, services, mayMove, t, now }: Listing) {
  const shown = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? shown.at(-1) : undefined
  const kept = Object.entries(query).filter((pair): pair is [string, string] => pair[0] !== 'before' && Boolean(pair[1]))
  const movable = mayMove && query.service !== undefined && query.service !== '' && shown.some(row => row.status === 'running' || row.status === 'returned')
  return {
    title: t('申请'), query, next: last && `?${new URLSearchParams([...kept, ['before', last.id]])}`, clear: kept.length > 0 ? '/admin/applications' : undefined,
    ends: [{ label: t('我的导出'), href: '/admin/exports', kind: 'plain' }, ...shown.length > 0 ? [{ label: t('导出'), icon: 'download', href: `/admin/exports/new?${new URLSearchParams(kept)}` }] : []],
    fields: [
      { name: 'service', label: t('事项'), type: 'select', value: query.service, options: services.map(({ key, title }) => ({ value: key, text: t(title) })) },
      { name: 'status', label: t('状态'), type: 'select', value: query.status, options: STATUSES.map(value => ({ value, text: t(STATUS_TAGS[value].text) })) },
      { name: 'overdue', label: t('办理时限'), type: 'select', value: query.overdue, options: [{ value: '1', text: t('已超过时限') }] },
      { name: 'holder', label: t('正在办理的人'), value: query.holder, placeholder: t('姓名、拼音或工号') },
      { name: 'from', label: t('提交从'), type: 'date', value: query.from },
      { name: 'until', label: t('提交到'), type: 'date', value: query.until },
    ],
    move: movable ? { service: query.service, note: t('选中的申请可以一起迁移到这个事项的其他版本') } : null,
    rows: shown.map(row => ({ id: row.id, href: `/admin/applications/${row.id}`, cells: {
      title: { text: t(row.title), note: row.number ?? '' }, person: { text: row.person_name, note: row.person_number },
      status: { text: '', tag: tagOf(t, row.status) }, place: placeCell(t, places.get(row.instance_id ?? '') ?? [], now), submitted_at: row.submitted_at ? { text: '', time: row.submitted_at } : '',
    } })),
  }
}

export function tagOf(t: T, status: Status) {
  return { ...STATUS_TAGS[status], text: t(STATUS_TAGS[status].text) }
}

// More names than these are counted: a pool of ten registrars is not read out.
const NAMED = 2

function placeCell(t: T, places: readonly { label: string; person_name: string; due_at: number | null }[], now: number) {
  const [first] = places
  if (!first) return ''
  const names = [...new Set(places.map(place => place.person_name))]
  const shown = names.slice(0, NAMED).join(t('、'))
  const late = places.some(({ due_at }) => due_at !== null && due_at < now)
  const steps = [...new Set(places.map(place => t(place.label)))].join(t('、'))
  return { text: names.length > NAMED ? t('{names}等 {n} 人', { names: shown, n: names.length }) : shown, note: late ? t('{step} · 已超过时限', { step: steps }) : steps }
}
