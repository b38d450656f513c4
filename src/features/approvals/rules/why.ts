import type { T } from '../../../platform/text.ts'
import type { Approver, Why } from '../define.ts'
import type { Reason } from './history.ts'

/** Why a task came to its person: what somebody did, the rule's own words for them, else its label, else its name where the rule is no longer there. */
export function whyText(t: T, approvers: ReadonlyMap<string, Approver>, { rule, reason, why, for_name }: { rule: string; reason: Reason; why: Why | null; for_name?: string | null }): string {
  const reasoned = reason === 'rule' ? ruleText(t, approvers, rule, why) : t(REASONS[reason])
  return for_name ? t('代{name}办理：{why}', { name: for_name, why: reasoned }) : reasoned
}

function ruleText(t: T, approvers: ReadonlyMap<string, Approver>, rule: string, why: Why | null): string {
  return why ? t(why.phrase, translated(t, why.params)) : t(approvers.get(rule)?.label ?? rule)
}

/** A role has its English; names of departments stay as they are. */
function translated(t: T, params: Why['params'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, t(value)]))
}

const REASONS: Record<Exclude<Reason, 'rule'>, string> = {
  nobody: '没有找到办理人，由管理员办理', named: '没有找到办理人，由流程指定的人办理', leader: '办理人就是申请人，由申请人的上级办理', transfer: '由原办理人转交', delegate: '由原办理人委派', add: '由办理人加签',
  consult: '由办理人征求意见', reassign: '由管理员改派', overdue: '原办理人超时，转交办理',
}

/** As a row keeps it. */
export function readWhy(text: string | null): Why | null {
  return text === null ? null : JSON.parse(text)
}
