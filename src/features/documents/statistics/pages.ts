import { ASKED_PERIOD, partsOf, type Period, periodFields, type PeriodReading } from '../../../platform/periods.ts'
import type { T } from '../../../platform/text.ts'
import type { Figure, Figures } from './read.ts'
import { CHANNELS, COUNTED, countOf, incomeOf, isPriced, kindName, LOOKS, looksBy, type Names, OUTCOMES, sentBy, unitName } from './sums.ts'

export const ASKED = [...ASKED_PERIOD, 'kind', 'unit'] as const
export type Reading = PeriodReading & { kind: string; unit: string }

const HERE = '/admin/documents/statistics'

type Facts = { t: T; asked: Reading; names: Names; schools: readonly { id: string; name: string }[]; figures: Figures }

/** How many papers of which kind, for which school, how they were sent and looked at, in a period. */
export function statisticsPage({ t, asked, names, schools, figures: { rows, course, behind } }: Facts) {
  const { period, kind, unit } = asked
  const lists = { t, names, asked, priced: isPriced(rows) }
  return {
    title: t('文件统计'), period: t('{from} 至 {until}', period), clear: addressOf(asked, {}) === HERE ? undefined : HERE, fault: asked.fault !== null,
    actions: asked.fault ? [] : ['xlsx', 'csv'].map(ending => ({ label: t('导出 .{ending}', { ending }), href: addressOf(asked, {}, `${HERE}/export.${ending}`), icon: 'download', kind: 'tint' })),
    fields: [
      { name: 'kind', label: t('文件'), type: 'select', value: kind, options: [...names.kinds].map(([value, title]) => ({ value, text: t(title) })) },
      { name: 'unit', label: t('院系'), type: 'select', value: unit, options: schools.map(({ id, name }) => ({ value: id, text: name })) },
      ...periodFields(t, asked),
    ],
    behind: behind && t('{day} 起的数据还在统计，请过几分钟再看', { day: behind }), empty: rows.length === 0,
    tiles: tilesOf(lists, rows), course: coursePage(t, period, course),
    months: monthsTable(lists, rows), kinds: kind === '' ? kindsTable(lists, rows) : null, units: unit === '' ? unitsTable(lists, rows) : null, sent: sentTable(t, rows), looks: looksTable(t, rows),
  }
}

/** The page or a file of it, as it is narrowed now but for what is said. */
function addressOf({ choice, from, until, kind, unit }: Reading, change: { kind?: string; unit?: string }, path = HERE): string {
  const asked = { ...choice !== 'this-month' && { period: choice }, ...choice === 'range' && { from, until }, ...kind && { kind }, ...unit && { unit }, ...change }
  const query = String(new URLSearchParams(asked))
  return query === '' ? path : `${path}?${query}`
}

type Lists = { t: T; names: Names; asked: Reading; priced: boolean }

function tilesOf({ t, asked: { kind }, priced }: Lists, rows: readonly Figure[]) {
  const register = (status: string) => `/admin/documents?${new URLSearchParams({ status, ...kind && { kind } })}`
  const places: Record<string, string> = { issued: register('issued'), failed: register('impossible'), revoked: register('revoked') }
  return [
    ...COUNTED.filter(({ key }) => key !== 'asked').map(({ key, label, of }) => ({ label: t(label), value: countOf(rows, ...of), href: places[key] })),
    ...priced ? [{ label: t('收费（元）'), value: incomeOf(rows) }] : [],
  ]
}

function coursePage(t: T, period: Period, course: Figures['course']) {
  const count = (days: Figures['course'], wanted: 'issued' | 'verified') => days.reduce((sum, { figure, number }) => sum + (figure === wanted ? number : 0), 0)
  const parts = partsOf(period).map(part => {
    const within = course.filter(({ day }) => day >= part.from && day <= part.until)
    return { label: part.from.slice(5).replace('-', '/'), title: part.from === part.until ? part.from : t('{from} 至 {until}', part), values: [count(within, 'issued'), count(within, 'verified')] }
  })
  const caption = t('签章的份数和核验的次数')
  return {
    bars: { label: caption, series: [t('已签章'), t('核验')], items: parts },
    table: { caption, columns: [{ key: 'part', label: t('时间'), main: true }, { key: 'issued', label: t('已签章'), align: 'end' }, { key: 'verified', label: t('核验'), align: 'end' }], rows: parts.map(({ title, values: [issued, verified] }) => ({ id: title, cells: { part: title, issued, verified } })) },
  }
}

function table({ t, priced }: Lists, { caption, heading, lines }: { caption: string; heading: string; lines: readonly { id: string; name: string; href?: string; own: readonly Figure[] }[] }) {
  return {
    caption, columns: [{ key: 'name', label: heading, main: true }, ...COUNTED.map(({ key, label }) => ({ key, label: t(label), align: 'end' })), ...priced ? [{ key: 'income', label: t('收费（元）'), align: 'end' }] : []],
    rows: lines.map(({ id, name, href, own }) => ({ id, href, cells: { name, ...Object.fromEntries(COUNTED.map(({ key, of }) => [key, countOf(own, ...of)])), ...priced && { income: incomeOf(own) } } })),
  }
}

/** Only where there is more than one. */
function monthsTable(lists: Lists, rows: readonly Figure[]) {
  const months = [...Map.groupBy(rows, row => row.month)].toSorted(([one], [other]) => other < one ? -1 : 1)
  return months.length < 2 ? null : table(lists, { caption: lists.t('各月'), heading: lists.t('月份'), lines: months.map(([month, own]) => ({ id: month, name: month, own })) })
}

/** Those with most papers first. */
function kindsTable(lists: Lists, rows: readonly Figure[]) {
  const { t, names, asked } = lists
  return table(lists, { caption: t('各类文件'), heading: t('文件'), lines: most(Map.groupBy(rows, row => row.kind)).map(([kind, own]) => ({ id: kind, name: kindName(names, kind, t), href: addressOf(asked, { kind }), own })) })
}

function unitsTable(lists: Lists, rows: readonly Figure[]) {
  const { t, names, asked } = lists
  return table(lists, { caption: t('各院系'), heading: t('院系'), lines: most(Map.groupBy(rows, row => row.unit_id)).map(([unit, own]) => ({ id: unit, name: unitName(names, unit, t), ...unit && { href: addressOf(asked, { unit }) }, own })) })
}

function most(groups: ReadonlyMap<string, Figure[]>): [string, Figure[]][] {
  return [...groups].toSorted(([, one], [, other]) => countOf(other, 'asked') - countOf(one, 'asked'))
}

function sentTable(t: T, rows: readonly Figure[]) {
  return {
    caption: t('怎样发给本人'), columns: [{ key: 'channel', label: t('发送方式'), main: true }, { key: 'all', label: t('合计'), align: 'end' }, ...OUTCOMES.map(({ key, label }) => ({ key, label: t(label), align: 'end' }))],
    rows: Object.entries(CHANNELS).filter(([channel]) => sentBy(rows, channel) > 0).map(([channel, label]) => ({
      id: channel, cells: { channel: t(label), all: sentBy(rows, channel), ...Object.fromEntries(OUTCOMES.map(({ key, of }) => [key, sentBy(rows, channel, of)])) },
    })),
  }
}

function looksTable(t: T, rows: readonly Figure[]) {
  return {
    caption: t('核验和分享'), columns: [{ key: 'look', label: t('方式'), main: true }, { key: 'number', label: t('合计'), align: 'end' }],
    rows: LOOKS.map(look => ({ look, number: looksBy(rows, look) })).filter(({ number }) => number > 0).map(({ look: { label }, number }) => ({ id: label, cells: { look: t(label), number } })),
  }
}
