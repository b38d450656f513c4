import type { T } from '../../../platform/text.ts'
import type { ImportKind, RowOutcome } from '../import-tables.ts'
import { standings } from '../rules/standing.ts'
import type { MissingRow } from '../store/import-missing.ts'
import type { ImportRow } from '../store/import-rows.ts'
import type { Unit } from '../store/units.ts'
import { type Tab, TABS } from './import.ts'
import { changeWords, faultWords, reasonWords } from './import-words.ts'

export const ROWS_SHOWN = 50

export type Query = { tab: Tab; unit?: string | undefined; after?: string | undefined }

type Lists = {
  t: T
  id: string
  kind: ImportKind
  query: Query
  counts: ReadonlyMap<RowOutcome, number>
  missing: number
  units: readonly Unit[]
  rows: readonly ImportRow[] | readonly MissingRow[]
  /** may people who are missing be given another standing now? */
  markable: boolean
}

/** One list of an import, its tabs, filter, pages and downloads. */
export function listPage(lists: Lists) {
  const { t, id, kind, query, rows, units } = lists
  const shown = rows.slice(0, ROWS_SHOWN)
  const last = shown.at(-1)
  const address = (change: Partial<Query>): string => `?${new URLSearchParams(Object.entries({ ...query, ...change }).filter((pair): pair is [string, string] => Boolean(pair[1])))}`
  const file = (name: string, ending: string): string => `/admin/import/${id}/${name}.${ending}${query.unit ? `?unit=${query.unit}` : ''}`
  const name = query.tab === 'refused' || query.tab === 'conflict' ? `${query.tab}-rows` : query.tab
  const filtered = Boolean(query.unit)
  return {
    segments: { label: t('检查结果'), items: tabsOf(lists).map(({ key, count }) => ({ label: t(TABS[key]), count, href: `?tab=${key}#rows`, current: key === query.tab })) },
    filters: kind === 'units' || query.tab === 'refused' ? null : {
      action: `/admin/import/${id}`, target: 'rows', ...(filtered && { clear: `?tab=${query.tab}` }), tab: query.tab,
      fields: [{ name: 'unit', label: t('部门'), type: 'select', value: query.unit, options: units.map(unit => ({ value: unit.id, text: unit.name })) }],
    },
    downloads: rows.length === 0 ? [] : [
      { label: t('下载 .xlsx'), icon: 'download', small: true, href: file(name, 'xlsx') }, { label: t('下载 .csv'), icon: 'download', small: true, href: file(name, 'csv') },
    ],
    columns: columnsOf(lists), rows: shown.map(row => ('key' in row ? missingRow(t, row) : importRow(t, query.tab, row))),
    explain: explanation(t, query.tab, kind), empty: t(EMPTY[query.tab]),
    mark: query.tab === 'missing' && lists.markable && rows.length > 0 ? { label: t('更改这些人的状态'), href: `/admin/import/${id}/standing${query.unit ? `?unit=${query.unit}` : ''}` } : null,
    first: query.after ? address({ after: '' }) : undefined,
    next: rows.length > ROWS_SHOWN && last ? address({ after: 'key' in last ? last.key : String(last.line) }) : undefined,
  }
}

const EMPTY: Readonly<Record<Tab, string>> = {
  refused: '每一行都能导入', changed: '没有人的信息会改变', created: '没有新增的', missing: '系统里的都在名单里', unchanged: '没有和系统里一样的行', conflict: '没有跳过的行', left: '没有剩下的行',
}

function tabsOf({ counts, missing }: Lists): { key: Tab; count: number }[] {
  const count = (key: RowOutcome): number => counts.get(key) ?? 0
  const all: { key: Tab; count: number }[] = [{ key: 'refused', count: count('refused') }]
  for (const key of ['conflict', 'left'] as const) if (count(key) > 0) all.push({ key, count: count(key) })
  return [...all, { key: 'changed', count: count('changed') }, { key: 'created', count: count('created') }, { key: 'unchanged', count: count('unchanged') }, { key: 'missing', count: missing }]
}

function explanation(t: T, tab: Tab, kind: ImportKind): string {
  if (tab === 'refused') return t('下载的文件里是这些行原来的内容和原因，改好后可以直接再上传')
  if (tab === 'missing') return kind === 'units' ? t('这些部门在系统里，但不在这份名单里。它们会原样保留') : t('这些人在系统里，但不在这份名单里。他们会原样保留，除非更改他们的状态')
  return ''
}

function columnsOf({ t, kind, query: { tab }, rows }: Lists) {
  const number = { key: 'number', label: t(kind === 'units' ? '部门编号' : kind === 'staff' ? '工号' : '学号'), tight: true }
  const name = { key: 'name', label: t('名称'), main: true }
  const unit = kind === 'units' ? [] : [{ key: 'unit', label: t('部门') }]
  if (tab === 'missing') return [number, name, ...unit, ...(kind === 'units' ? [] : [{ key: 'standing', label: t('状态'), tight: true }])]
  const row = { key: 'row', label: t('行'), align: 'end', tight: true }
  if (tab === 'refused' || tab === 'conflict') return [row, number, name, { key: 'reason', label: t('原因') }]
  const noted = rows.some(each => 'told' in each && each.told.notes)
  return [row, number, name, ...unit, ...(tab === 'changed' || tab === 'left' ? [{ key: 'changes', label: t('改变') }] : noted ? [{ key: 'changes', label: t('备注') }] : [])]
}

function importRow(t: T, tab: Tab, { line, number, name, unit_name, told, outcome }: ImportRow) {
  const cells = { row: line, number: number ?? '', name: name ?? t('第 {row} 行', { row: line }), unit: unit_name ?? '' }
  if (tab === 'conflict') return { cells: { ...cells, reason: { text: reasonWords(t, outcome, told), note: changeWords(t, told) } } }
  if (tab !== 'refused') return { cells: { ...cells, changes: changeWords(t, told) } }
  const [first, ...more] = told.faults ?? []
  const words = first ? `${faultWords(t, first)}${first.value ? t('（写的是“{value}”）', { value: first.value }) : ''}` : ''
  return { cells: { ...cells, reason: { text: words, note: more.map(fault => faultWords(t, fault)).join('；') } } }
}

function missingRow(t: T, { key, person_id, name, unit_name, standing }: MissingRow) {
  return { id: key, cells: { number: key, name: person_id ? { text: name, href: `/admin/people/${person_id}` } : name, unit: unit_name ?? '', standing: standing ? { tag: { text: t(standings[standing].label), meaning: 'green' } } : '' } }
}
