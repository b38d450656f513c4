import { dayParts } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import type { EndedAs, Ending } from './state.ts'

/** What a card says when its task is over: who, what, when ('李敏 已同意 · 11月21日 15:04'). The day is always named: a card is read days later. */
export function endingText(t: T, { at, by_name, as }: Pick<Ending, 'at' | 'by_name' | 'as'>): string {
  return `${whatHappened(t, by_name, as)} · ${t('{month}{day}日 {time}', dayParts(t, at))}`
}

function whatHappened(t: T, name: string | null, as: EndedAs): string {
  if (name === null) return t(BY_NOBODY[as] ?? '没有找到办理人，已驳回')
  return t(BY_SOMEBODY[as] ?? '{name} 已处理', { name })
}

const BY_NOBODY: Partial<Record<EndedAs, string>> = {
  withdraw: '申请人已撤回', overdue: '已超时，由系统处理', failed: '系统调用失败，已驳回', finish: '审批已办结', jump: '流程已转到其他环节',
}

const BY_SOMEBODY: Partial<Record<EndedAs, string>> = {
  approve: '{name} 已同意', reject: '{name} 已驳回', return: '{name} 已退回申请人', 'send-back': '{name} 已退回上一环节', reply: '{name} 已回复',
  transfer: '{name} 已转交', delegate: '{name} 已委派', add: '{name} 已加签', remove: '{name} 已减签', claim: '{name} 已认领', 'give-back': '{name} 已退回任务池',
  'take-back': '{name} 已拿回', reassign: '管理员 {name} 已改派', jump: '管理员 {name} 已跳转', end: '管理员 {name} 已终止', move: '管理员 {name} 已迁移流程',
}
