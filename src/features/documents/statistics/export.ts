import type { Sheet } from '../../../integrations/sources/index.ts'
import type { T } from '../../../platform/text.ts'
import { yuan } from '../requests/rules.ts'
import type { Figure } from './read.ts'
import { CHANNELS, COUNTED, countOf, fenOf, kindName, LOOKS, looksBy, type Names, OUTCOMES, sentBy, unitName } from './sums.ts'

/** Every month, kind and school with its figures in a line, as people take them into a table of their own. */
export function figuresSheet(t: T, rows: readonly Figure[], names: Names): Sheet & { rows: readonly (readonly string[])[] } {
  const sent = Object.entries(CHANNELS).flatMap(([channel, label]) => OUTCOMES.map(({ label: outcome, of }) => ({ label: `${t(label)}：${t(outcome)}`, of: (own: readonly Figure[]) => sentBy(own, channel, of) })))
  const columns: { label: string; of(own: readonly Figure[]): number | string }[] = [
    ...COUNTED.slice(0, 4).map(({ label, of }) => ({ label: t(label), of: (own: readonly Figure[]) => countOf(own, ...of) })),
    ...LOOKS.map(look => ({ label: t(look.label), of: (own: readonly Figure[]) => looksBy(own, look) })), ...sent,
    { label: t('收费（元）'), of: own => yuan(fenOf(own, 'paid')) }, { label: t('退款（元）'), of: own => yuan(fenOf(own, 'refunded')) },
  ]
  const groups = [...Map.groupBy(rows, ({ month, kind, unit_id }) => [month, kind, unit_id].join('\n'))].toSorted(([one], [other]) => one < other ? -1 : 1)
  return {
    name: t('文件统计'), widths: [10, 34, 24, ...columns.map(() => 12)], head: [t('月份'), t('文件'), t('院系'), ...columns.map(({ label }) => label)],
    rows: groups.map(([, own]) => [own[0]?.month ?? '', kindName(names, own[0]?.kind ?? '', t), unitName(names, own[0]?.unit_id ?? '', t), ...columns.map(({ of }) => String(of(own)))]),
  }
}
