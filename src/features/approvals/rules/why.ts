import type { T } from '../../../platform/text.ts'
import type { Approver, Why } from '../define.ts'

/** Why a task came to its person: the rule's own words for them, else its label, else its name where the rule is no longer there. */
export function whyText(t: T, approvers: ReadonlyMap<string, Approver>, { rule, reason, why }: { rule: string; reason: 'rule' | 'nobody'; why: Why | null }): string {
  if (reason === 'nobody') return t('没有找到办理人，由管理员办理')
  return why ? t(why.phrase, translated(t, why.params)) : t(approvers.get(rule)?.label ?? rule)
}

/** A role has its English; names of departments stay as they are. */
function translated(t: T, params: Why['params'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, t(value)]))
}

/** As a row keeps it. */
export function readWhy(text: string | null): Why | null {
  return text === null ? null : JSON.parse(text)
}
