import type { T } from '../../../platform/text.ts'
import type { Column } from '../sheet.ts'
import type { ColumnSet, Export } from '../store-exports.ts'
import { LONGEST_NAME } from '../verbs/export.ts'
import { QUERY, type Query } from './list.ts'

export type Typed = { query: Query; columns: readonly string[]; name: string; set: string }

type Choosing = {
  t: T
  typed: Typed
  title: string
  offered: readonly Column[]
  sets: readonly ColumnSet[]
  total: number
  said(field: string): string | undefined
}

/** The parts of an address or a form that say which list is meant. */
export function listOf(query: Query): [string, string][] {
  return QUERY.flatMap(name => name !== 'before' && query[name] ? [[name, query[name]] as [string, string]] : [])
}

/** Which columns; those of a set where one is chosen, else all. */
export function choosePage({ t, typed, title, offered, sets, total, said }: Choosing) {
  const kept = sets.find(set => set.id === typed.set)
  const address = (set: string) => `/admin/exports/new?${new URLSearchParams([...listOf(typed.query), ...set ? [['set', set] as [string, string]] : []])}`
  return {
    title: t('导出“{title}”', { title: t(title) }), lead: t('共 {n} 份申请', { n: total }), back: { label: t('申请'), href: `/admin/applications?${new URLSearchParams(listOf(typed.query))}` },
    query: listOf(typed.query), problem: said('total'),
    sets: sets.length === 0 ? [] : [{ label: t('全部列'), href: address(''), current: !kept }, ...sets.map(({ id, name }) => ({ label: name, href: address(id), current: id === kept?.id }))],
    removal: kept && { action: `/admin/exports/sets/${kept.id}/removal`, label: t('删除“{name}”', { name: kept.name }) },
    columns: { name: 'columns', type: 'checkbox', label: t('要哪些列'), required: true, value: typed.columns.length > 0 || said('columns') ? typed.columns : kept?.columns ?? offered.map(({ key }) => key), options: offered.map(({ key, label }) => ({ value: key, text: label })), error: said('columns') },
    name: { name: 'name', label: t('把这些列存为'), value: typed.name, maxlength: LONGEST_NAME, placeholder: t('例如：月报'), help: t('填了名称，下次导出这个事项时可以直接选用，只有你自己看得到'), error: said('name') },
  }
}

/** A list of services to choose from, where the address names none. */
export function chooseServicePage(t: T, query: Query, services: readonly { key: string; title: string }[]) {
  return {
    title: t('导出申请'), back: { label: t('申请'), href: '/admin/applications' }, query: listOf(query),
    service: { name: 'service', type: 'select', label: t('事项'), required: true, help: t('每个事项的表单不同，一次导出一个事项'), options: services.map(({ key, title }) => ({ value: key, text: t(title) })) },
  }
}

function tagOf(t: T, { ended_at, gone_at }: Export) {
  if (gone_at !== null) return { text: t('文件已删除'), meaning: 'grey' }
  return ended_at === null ? { text: t('进行中'), meaning: 'blue' } : { text: t('可以下载'), meaning: 'green' }
}

export function exportCell(t: T, row: Export, title: string) {
  return { title: t(title), href: `/admin/exports/${row.id}`, note: t('{n} 份 · {columns} 列', { n: row.total, columns: row.columns.length }), time: row.created_at, tag: tagOf(t, row) }
}

/** How far it is; then the file, for so many days. */
export function exportPage(t: T, row: Export, title: string, days: number) {
  const { id, written, total, ended_at, gone_at, columns } = row
  return {
    title: t('导出“{title}”', { title: t(title) }), back: { label: t('我的导出'), href: '/admin/exports' }, running: ended_at === null, gone: gone_at !== null,
    lead: t('{n} 份 · {columns} 列', { n: total, columns: columns.length }), meter: { label: t(ended_at === null ? '正在写入' : '已写入'), value: Math.min(written, total), total },
    file: `/admin/exports/${id}/file`, note: t('文件保留 {days} 天，只有你能下载，每次下载都有记录。里面有个人信息，用完请删除', { days }),
  }
}
