import { dayParts } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import type { Ending } from './history.ts'

/** What a card says when its task is over: who, what, when ('李敏 已同意 · 11月21日 15:04'). The day is always named: a card is read days later. */
export function endingText(t: T, { at, by_name, as }: Pick<Ending, 'at' | 'by_name' | 'as'>): string {
  return `${whatHappened(t, by_name, as)} · ${t('{month}{day}日 {time}', dayParts(t, at))}`
}

function whatHappened(t: T, name: string | null, as: Ending['as']): string {
  if (as === 'withdraw') return t('申请人已撤回')
  if (name === null) return t('没有找到办理人，已驳回')
  return t({ approve: '{name} 已同意', reject: '{name} 已驳回', return: '{name} 已退回申请人' }[as], { name })
}
