import { schoolTime } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { PAGE_SIZE, type Tag } from '../pages/list.ts'
import type { HoldReport } from './import.ts'
import { inForce, LONGEST_REASON } from './rules.ts'
import type { HoldsTable } from './tables.ts'
import type { HoldType } from './types.ts'

type Types = ReadonlyMap<string, HoldType>
export type HoldForm = { number?: string | undefined; type?: string | undefined; reason?: string | undefined; until?: string | undefined }
type List = { rows: readonly HoldsTable[]; types: Types; status: HoldsTable['status']; number: string; type: string; now: number }

const SOURCES: Record<HoldsTable['source'], string> = { console: '后台登记', import: '名单导入', api: '其他系统' }
const STATUS_WORDS: Record<HoldsTable['status'], string> = { on: '限制中', lifted: '已解除' }

const typeOptions = (t: T, types: Types) => [...types.values()].map(({ key, label }) => ({ value: key, text: t(label) }))

/** Who is held and why; `rows` holds one more than is shown. */
export function holdsPage(t: T, { rows, types, status, number, type, now }: List) {
  const shown = rows.slice(0, PAGE_SIZE)
  const query = (change: Record<string, string>) => `/admin/holds?${new URLSearchParams(Object.entries({ status, number, type, ...change }).filter(([, value]) => value !== ''))}`
  return {
    title: t('开具限制'), lead: t('有限制的学号不能开具相应的成绩单和证明，本人会看到原因和找谁办'),
    actions: [{ label: t('登记一条'), href: '/admin/holds/new', icon: 'plus' }, { label: t('导入名单'), href: '/admin/holds/import', icon: 'upload' }],
    segments: (['on', 'lifted'] as const).map(each => ({ label: t(STATUS_WORDS[each]), href: query({ status: each }), current: each === status })),
    filters: { action: '/admin/holds', search: { name: 'number', value: number, label: t('学号') }, fields: [{ name: 'type', label: t('类型'), type: 'select', value: type, options: typeOptions(t, types) }], hidden: { status }, target: 'holds', ...(number || type ? { clear: `/admin/holds?status=${status}` } : {}) },
    next: rows.length > PAGE_SIZE ? query({ before: shown.at(-1)?.id ?? '' }) : undefined, filtered: number !== '' || type !== '',
    rows: shown.map(row => ({ id: row.id, cells: {
      number: row.number, type: t(types.get(row.type)?.label ?? row.type), reason: { text: row.reason, ...(row.lifted_reason && { note: t('解除：{reason}', { reason: row.lifted_reason }) }) },
      days: row.until ? t('{since} 至 {until}', { since: row.since, until: row.until }) : t('{since} 起', { since: row.since }), source: t(SOURCES[row.source]), status: { tag: tagOf(t, row, now), text: '' },
      lift: row.status === 'on' ? { text: t('解除'), href: `/admin/holds/${row.id}/lifting` } : '',
    } })),
  }
}

function tagOf(t: T, row: HoldsTable, now: number): Tag {
  if (row.status === 'lifted') return { text: t('已解除'), meaning: 'green' }
  const day = schoolTime(now).date
  if (inForce(row, day)) return { text: t('限制中'), meaning: 'amber' }
  return row.since > day ? { text: t('还没开始'), meaning: 'grey' } : { text: t('已过期'), meaning: 'grey' }
}

export function newHoldPage(t: T, types: Types, typed: HoldForm = {}, errors: Record<string, string> = {}) {
  return {
    title: t('登记限制'), back: { label: t('开具限制'), href: '/admin/holds' }, errors,
    number: { value: typed.number ?? '' }, type: { value: typed.type ?? '', options: typeOptions(t, types) }, reason: { value: typed.reason ?? '', maxlength: LONGEST_REASON }, until: { value: typed.until ?? '' },
  }
}

/** The question before lifting; `typed` and `errors` where it comes back. */
export function liftPage(t: T, { id, number, type, reason }: HoldsTable, types: Types, typed = '', errors: Record<string, string> = {}) {
  return {
    title: t('解除限制'), heading: false,
    confirm: {
      title: t('解除限制'), label: t('解除'), back: '/admin/holds', action: `/admin/holds/${id}/lifting`,
      sentence: t('解除学号 {number} 的限制“{type}”（{reason}），之后本人可以开具相应的文件。', { number, type: t(types.get(type)?.label ?? type), reason }), effects: [t('本人会收到通知')],
      reason: { value: typed, required: true, maxlength: LONGEST_REASON, ...(errors.reason && { error: t(errors.reason) }) },
    },
  }
}

type ImportModel = { error?: string; report?: HoldReport; whole?: boolean }

export function holdImportPage(t: T, types: Types, { error, report, whole = false }: ImportModel = {}) {
  const page = { title: t('导入限制名单'), back: { label: t('开具限制'), href: '/admin/holds' }, error, whole, types: [...types.values()].map(({ label }) => t(label)).join(t('、')) }
  if (!report) return page
  const { rows, created, changed, unchanged, lifted, errors } = report
  if (errors.length === 0) return { ...page, done: t('共 {rows} 行：新增 {created}，更新 {changed}，没有变化 {unchanged}，解除 {lifted}', { rows, created, changed, unchanged, lifted }) }
  return {
    ...page, wrong: t('有 {n} 处错误，一行也没有写入。请改好后重新上传', { n: errors.length }),
    rows: errors.slice(0, 200).map(fault => ({ cells: { row: fault.row, column: fault.column || '—', value: fault.value ?? '', sentence: t(fault.sentence, fault.params) } })),
  }
}
