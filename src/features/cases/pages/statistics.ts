import { ASKED_PERIOD, DAY, partsOf, type Period, periodFields, type PeriodReading } from '../../../platform/periods.ts'
import type { T } from '../../../platform/text.ts'
import type { Services } from '../../services/index.ts'
import { count, percentile } from '../rules/figures.ts'
import type { Figure, Figures } from '../verbs/figures.ts'

export const ASKED = [...ASKED_PERIOD, 'service'] as const
type Reading = PeriodReading & { service: string }

/** Ages of what is under way (ms), rising; the last heading is for what is older. */
export const AGES = [{ ms: DAY, text: '不到 1 天' }, { ms: 3 * DAY, text: '1–3 天' }, { ms: 7 * DAY, text: '3–7 天' }, { ms: 30 * DAY, text: '7–30 天' }] as const
const OLDER = { text: '30 天以上' } as const

type Named = { key: string; title: string }
type Facts = {
  t: T
  asked: Reading
  titles: readonly Named[]
  figures: Figures
  /** null: not for this reader */
  people: { rows: readonly Figure[]; names: ReadonlyMap<string, { name: string; unit_name: string }> } | null
  backlog: Awaited<ReturnType<Services['backlogOf']>>
}

export function statisticsPage({ t, asked, titles, figures, people, backlog }: Facts) {
  const { period, service } = asked
  const of = (...wanted: Figure['figure'][]) => figures.rows.filter(row => wanted.includes(row.figure))
  const decided = of('approved', 'rejected')
  const sum = (what: 'running' | 'returned' | 'overdue') => backlog.reduce((all, each) => all + each[what], 0)
  const list = (filters: Record<string, string>) => `/admin/applications?${new URLSearchParams({ ...service && { service }, ...filters })}`
  return {
    title: t('办理统计'), period: t('{from} 至 {until}', period), clear: asked.choice === 'this-month' && service === '' ? undefined : '/admin/statistics',
    fields: [
      { name: 'service', label: t('事项'), type: 'select', value: service, options: titles.map(({ key, title }) => ({ value: key, text: t(title) })) },
      ...periodFields(t, asked),
    ],
    fault: asked.fault !== null, behind: figures.behind && t('{day} 起的数据还在统计，请过几分钟再看', { day: figures.behind }),
    tiles: [
      { label: t('收到'), value: count(of('received')), href: list({ from: period.from, until: period.until }) }, { label: t('办结'), value: count(decided) },
      { label: t('其中驳回'), value: count(of('rejected')) }, { label: t('退回修改'), value: count(of('returned')) },
    ],
    times: [
      { label: t('用时中位数'), value: spanText(t, percentile(decided, 0.5)) }, { label: t('九成用时不超过'), value: spanText(t, percentile(decided, 0.9)) },
    ],
    now: [
      { label: t('正在审批'), value: sum('running'), href: list({ status: 'running' }) }, { label: t('等申请人修改'), value: sum('returned'), href: list({ status: 'returned' }) },
      { label: t('超过承诺时限'), value: sum('overdue') },
    ],
    empty: figures.rows.length === 0,
    course: coursePage(t, period, figures.course), services: service === '' ? servicesTable(t, titles, figures.rows, asked) : null, steps: stepsTable(t, titles, of('step'), service === ''),
    people: people && peopleTable(t, people), backlog: backlogPage(t, backlog),
  }
}

/** Two columns a part: what came in, and what was decided. */
function coursePage(t: T, period: Period, course: Figures['course']) {
  const parts = partsOf(period).map(part => {
    const within = course.filter(({ day }) => day >= part.from && day <= part.until)
    const short = part.from.slice(5).replace('-', '/')
    return { label: short, title: part.from === part.until ? part.from : t('{from} 至 {until}', part), values: [count(within.filter(row => row.figure === 'received')), count(within.filter(row => row.figure !== 'received'))] }
  })
  return {
    bars: { label: t('收到和办结的份数'), series: [t('收到'), t('办结')], items: parts },
    table: { caption: t('收到和办结的份数'), columns: [{ key: 'part', label: t('时间'), main: true }, { key: 'received', label: t('收到'), align: 'end' }, { key: 'decided', label: t('办结'), align: 'end' }], rows: parts.map(({ title, values: [received, decided] }) => ({ id: title, cells: { part: title, received, decided } })) },
  }
}

const timeColumns = (t: T) => [{ key: 'number', label: t('份数'), align: 'end' }, { key: 'median', label: t('用时中位数'), align: 'end' }, { key: 'most', label: t('九成用时不超过'), align: 'end' }, { key: 'late', label: t('超过时限'), align: 'end' }]

function timeCells(t: T, rows: readonly Figure[]) {
  return { number: count(rows), median: spanText(t, percentile(rows, 0.5)), most: spanText(t, percentile(rows, 0.9)), late: rows.reduce((sum, row) => sum + row.late, 0) }
}

/** Those with most to do first. */
function servicesTable(t: T, titles: readonly Named[], rows: readonly Figure[], { choice, from, until }: Reading) {
  const lines = titles.map(({ key, title }) => ({ key, title, own: rows.filter(row => row.service_key === key) })).filter(({ own }) => own.length > 0)
    .map(line => ({ ...line, received: count(line.own.filter(row => row.figure === 'received')), decided: line.own.filter(row => row.figure === 'approved' || row.figure === 'rejected') }))
  return {
    caption: t('各事项'), columns: [{ key: 'title', label: t('事项'), main: true }, { key: 'received', label: t('收到'), align: 'end' }, { ...timeColumns(t)[0], label: t('办结') }, ...timeColumns(t).slice(1)],
    rows: lines.toSorted((a, b) => b.received - a.received).map(({ key, title, received, decided }) => ({
      id: key, href: `/admin/statistics?${new URLSearchParams({ service: key, period: choice, ...choice === 'range' && { from, until } })}`, cells: { title: t(title), received, ...timeCells(t, decided) },
    })),
  }
}

function stepsTable(t: T, titles: readonly Named[], rows: readonly Figure[], many: boolean) {
  const steps = [...Map.groupBy(rows, row => `${row.service_key}\n${row.about}`).values()].map(own => ({ own, title: titles.find(({ key }) => key === own[0]?.service_key)?.title ?? own[0]?.service_key ?? '', label: own.at(-1)?.label ?? '' }))
  return {
    caption: t('各环节'), columns: [{ key: 'step', label: t('环节'), main: true }, ...timeColumns(t)],
    rows: steps.toSorted((a, b) => (percentile(b.own, 0.5) ?? 0) - (percentile(a.own, 0.5) ?? 0)).map(({ own, title, label }) => ({ id: label, cells: { step: { text: t(label), note: many ? t(title) : '' }, ...timeCells(t, own) } })),
  }
}

/** By name, so that nobody stands above another. */
function peopleTable(t: T, { rows, names }: NonNullable<Facts['people']>) {
  const people = [...Map.groupBy(rows, row => row.about)].map(([id, own]) => ({ id, own, name: names.get(id)?.name ?? t('已离开的人'), unit: names.get(id)?.unit_name ?? '' }))
  return {
    caption: t('办理人员'), columns: [{ key: 'person', label: t('办理人'), main: true }, ...timeColumns(t)],
    rows: people.toSorted((a, b) => a.name.localeCompare(b.name, 'zh')).map(({ id, own, name, unit }) => ({ id, cells: { person: { text: name, note: unit }, ...timeCells(t, own) } })),
  }
}

function backlogPage(t: T, backlog: Facts['backlog']) {
  const items = [...AGES, OLDER].map(({ text }, at) => ({ label: t(text), title: t(text), values: [backlog.reduce((sum, { ages }) => sum + (ages[at] ?? 0), 0)] }))
  return { empty: items.every(({ values: [value] }) => value === 0), bars: { label: t('正在审批的申请，按提交以来的时间'), series: [t('份数')], items } }
}

/** In the unit that people would say: hours up to two days, days beyond; a dash where nothing was measured. */
export function spanText(t: T, minutes: number | null): string {
  if (minutes === null) return '—'
  if (minutes < 60) return t('{n} 分钟', { n: minutes })
  return minutes <= 48 * 60 ? t('{n} 小时', { n: tenths(minutes / 60) }) : t('{n} 天', { n: tenths(minutes / 1440) })
}

function tenths(number: number): number {
  return Math.round(number * 10) / 10
}
