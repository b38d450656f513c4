import type { T } from '../../../platform/text.ts'
import type { ApplicationRow, VersionForecast } from '../../services/index.ts'
import type { Outcome } from '../store.ts'
import type { MoveItemsTable, MovesTable } from '../tables.ts'
import { tagOf } from './list.ts'

export type Typed = { service: string; to: string; ids: string[]; reason: string }
type Version = { id: string; version: number; published_at: number }

type Preview = {
  typed: Typed
  service: { key: string; title: string }
  versions: readonly Version[]
  /** how many would be moved; the first of them are shown */
  total: number
  shown: readonly { row: ApplicationRow; forecast: VersionForecast }[]
  said(field: string): string | undefined
  t: T
}

/** What would change for each, before anything is moved. */
export function previewPage({ typed, service, versions, total, shown, said, t }: Preview) {
  const to = versions.find(one => one.id === typed.to)
  const stuck = shown.filter(({ forecast }) => forecast.refusal).length
  return {
    title: t('迁移到其他版本'), heading: false, about: t(service.title), service: service.key, ids: typed.ids, total,
    back: typed.ids.length === 1 ? `/admin/applications/${typed.ids[0]}` : `/admin/applications?${new URLSearchParams({ service: service.key })}`,
    version: { name: 'to', type: 'select', label: t('迁移到'), value: typed.to, required: true, options: versions.map(each => ({ value: each.id, text: t('第 {n} 版', { n: each.version }) })), error: said('to') },
    lead: to && (total === 0 ? t('没有在其他版本上办理的申请') : t('共 {n} 份申请会迁移到第 {version} 版', { n: total, version: to.version })),
    rest: total > shown.length ? t('这里列出前 {shown} 份，其余 {n} 份迁移时同样逐份检查', { shown: shown.length, n: total - shown.length }) : undefined,
    stuck: stuck > 0 ? t('其中 {n} 份不能迁移，会留在原来的版本上', { n: stuck }) : undefined,
    problem: said('id'),
    rows: shown.map(({ row, forecast }) => ({ id: row.id, cells: {
      title: { text: `${row.person_name} ${row.number ?? ''}`, href: `/admin/applications/${row.id}`, note: t('第 {from} 版 → 第 {to} 版', { from: forecast.from, to: forecast.to }) },
      before: placeText(t, forecast.before), after: forecast.refusal ? { text: '', tag: { text: t('不能迁移'), meaning: 'red' } } : placeText(t, forecast.after),
      changes: { text: forecast.refusal ? t(forecast.refusal.sentence, forecast.refusal.params) : changesOf(t, forecast).join(t('；')) || t('没有变化') },
    } })),
    reason: { name: 'reason', type: 'textarea', rows: 3, required: true, label: t('理由'), help: t('会留在每份申请的办理过程里，并通知申请人'), value: typed.reason, maxlength: 500, error: said('reason') },
    label: t('迁移 {n} 份申请', { n: total }),
  }
}

function placeText(t: T, places: VersionForecast['before']): string {
  return places.length === 0 ? t('在申请人手里') : places.map(({ label, names }) => names.length > 0 ? t('{step}（{names}）', { step: t(label), names: names.join(t('、')) }) : t(label)).join(t('、'))
}

function changesOf(t: T, { withdrawn, asked, gone, missing, unfit }: VersionForecast): string[] {
  const line = (phrase: string, labels: readonly string[]) => labels.length > 0 ? [t(phrase, { labels: labels.map(label => t(label)).join(t('、')) })] : []
  return [
    ...line('撤回待办：{labels}', withdrawn.filter(label => !asked.includes(label))), ...line('要办理：{labels}', asked.filter(label => !withdrawn.includes(label))),
    ...line('重新办理：{labels}', asked.filter(label => withdrawn.includes(label))),
    ...line('不再显示：{labels}', gone), ...line('重新提交时要填：{labels}', missing), ...line('重新提交时要改：{labels}', unfit),
  ]
}

export const OUTCOMES: Record<Outcome, { text: string; meaning: string }> = { waiting: { text: '等待', meaning: 'amber' }, moved: { text: '已迁移', meaning: 'green' }, kept: { text: '没有迁移', meaning: 'red' } }

type Report = { move: MovesTable; title: string; counts: Record<Outcome, number>; items: readonly MoveItemsTable[]; rows: ReadonlyMap<string, ApplicationRow>; query: { outcome?: Outcome | undefined }; page: number; t: T }

/** How far it is, and what became of each. */
export function movePage({ move, title, counts, items, rows, query, page, t }: Report) {
  const { id, version, total, reason, by_name, created_at, ended_at } = move
  const shown = items.slice(0, page)
  const last = items.length > page ? shown.at(-1) : undefined
  return {
    title: t('{title}：迁移到第 {n} 版', { title: t(title), n: version }), lead: t('{name} · {reason}', { name: by_name, reason }), id, running: ended_at === null, created_at,
    back: { label: t('版本迁移'), href: '/admin/moves' },
    meter: { label: t(ended_at === null ? '正在迁移' : '已处理'), value: total - counts.waiting, total },
    segments: [
      { label: t('全部'), href: `/admin/moves/${id}`, current: !query.outcome, count: total },
      ...(['moved', 'kept'] as const).map(outcome => ({ label: t(OUTCOMES[outcome].text), href: `/admin/moves/${id}?outcome=${outcome}`, current: query.outcome === outcome, count: counts[outcome] })),
    ],
    items: shown.map(item => itemCell(t, item, rows.get(item.application_id))),
    next: last && `?${new URLSearchParams({ ...(query.outcome && { outcome: query.outcome }), after: last.id })}`,
  }
}

function itemCell(t: T, { application_id, outcome, sentence }: MoveItemsTable, row: ApplicationRow | undefined) {
  return {
    title: row ? `${row.person_name} ${row.number ?? ''}` : application_id, href: `/admin/applications/${application_id}`,
    tag: { text: t(OUTCOMES[outcome].text), meaning: OUTCOMES[outcome].meaning }, note: sentence ? saidIn(t, sentence) : row && tagOf(t, row.status).text,
  }
}

/** A sentence as a job keeps it: a phrase with its params. */
export function saidIn(t: T, kept: string): string {
  const { phrase, params }: { phrase: string; params: Record<string, string | number> } = JSON.parse(kept)
  return t(phrase, params)
}
