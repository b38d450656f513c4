import { defineApprover, isRuleUse, type Params, type RuleUse } from '../../features/approvals/define.ts'

type Case = { when: unknown; use: RuleUse }

/** `cases`: conditions over the form, each with a rule; the first that holds names the people. `otherwise`: the rule where none holds. */
export default defineApprover({
  name: 'expression',
  label: '按条件确定的人员',
  check({ cases, otherwise }) {
    if (!Array.isArray(cases) || cases.length === 0 || cases.length > 50 || !cases.every(isCase)) return '条件要写成 1 到 50 个，每个有 when 和 use'
    return otherwise === undefined || isRuleUse(otherwise) ? null : '没有写明其他情况由谁办理'
  },
  doubt: ({ otherwise }) => otherwise === undefined ? '条件都不满足时，没有写明由谁办理' : null,
  uses: params => [...casesOf(params).map(one => one.use), ...isRuleUse(params.otherwise) ? [params.otherwise] : []],
  conditions: params => casesOf(params).map(one => one.when),
  async find({ params, holds, ask }) {
    const use = casesOf(params).find(one => holds(one.when))?.use ?? params.otherwise
    return isRuleUse(use) ? await ask(use) : []
  },
})

function casesOf({ cases }: Params): Case[] {
  return Array.isArray(cases) ? cases.filter(isCase) : []
}

function isCase(value: unknown): value is Case {
  return typeof value === 'object' && value !== null && 'when' in value && 'use' in value && isRuleUse(value.use)
}
