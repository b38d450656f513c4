import type { T } from '../../../platform/text.ts'
import { type Limits, type Stop, words } from '../rules/limits.ts'

const ONCE = { ever: '每人一次', term: '每人每学期一次', year: '每人每学年一次' }

/** Limits as rows of a page; `taken`: places that are held, where they are counted. */
export function limitRows(t: T, limits: Limits | undefined, { units, taken }: { units: ReadonlyMap<string, string>; taken?: number }): { label: string; value: string }[] {
  if (!limits) return []
  const { once, at_once, total } = limits
  const often = [...once ? [t(ONCE[once])] : [], ...at_once === undefined ? [] : [t('每人同时最多 {n} 份在办', { n: at_once })]]
  return [
    ...row(t('限定范围'), whoText(t, limits, units)), ...row(t('办理次数'), often.join(t('，'))), ...row(t('办理期限'), whenText(t, limits)),
    ...total === undefined ? [] : row(t('名额'), taken === undefined ? t('{n} 个，先到先得', { n: total }) : t('{n} 个，先到先得，还剩 {left} 个', { n: total, left: Math.max(0, total - taken) })),
  ]
}

function row(label: string, value: string): { label: string; value: string }[] {
  return value === '' ? [] : [{ label, value }]
}

function whoText(t: T, { units = [], entry_years = [], numbers = [] }: Limits, names: ReadonlyMap<string, string>): string {
  const said = [units.map(code => names.get(code) ?? code).join(t('、')), entry_years.map(year => t('{year} 级', { year: String(year) })).join(t('、'))].filter(Boolean)
  return [...said, ...numbers.length > 0 ? [t(said.length > 0 ? '另有名单上的 {n} 人' : '名单上的 {n} 人', { n: numbers.length })] : []].join(t('，'))
}

function whenText(t: T, { opens, closes }: Limits): string {
  if (opens && closes) return t('{from} 至 {to}', { from: words(opens), to: words(closes) })
  return opens ? t('{at} 起', { at: words(opens) }) : closes ? t('{at} 截止', { at: words(closes) }) : ''
}

/** What stands against applying, as a notice says it. */
export function stopNotice(t: T, stop: Stop | null): { title: string; text: string } | null {
  return stop && { title: t(stop.tag), text: t(stop.sentence, stop.params) }
}
