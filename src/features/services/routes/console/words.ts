import type { T } from '../../../../platform/text.ts'
import type { Context } from '../../deps.ts'
import type { RuleText } from '../../pages/definition-words.ts'

/** The label of a rule for finding people, as a task says it. */
export function ruleTextOf({ approvals }: Pick<Context, 'approvals'>, t: T): RuleText {
  return rule => approvals.whyText(t, { rule, reason: 'rule', why: null })
}
