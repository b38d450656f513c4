import { defineApprover, isRuleUse } from '../../features/approvals/define.ts'

/** Whom the one who decided the step `by` chose for this one. `among`: a rule that says who may be chosen; anyone where it is left out. `most`: so many at most. */
export default defineApprover({
  name: 'previous-choice',
  label: '由上一环节的办理人选定',
  check({ by, among, most = 1 }) {
    if (typeof by !== 'string' || by === '') return '没有写明由哪个环节来选'
    if (among !== undefined && !isRuleUse(among)) return '没有写明可以选谁'
    return isCount(most) ? null : '最多选几人应是 1 到 50 的整数'
  },
  after: ({ by }) => typeof by === 'string' ? [by] : [],
  uses: ({ among }) => isRuleUse(among) ? [among] : [],
  async find({ params: { among, most = 1 }, step, chosen, ask }) {
    const picked = (chosen[step] ?? []).slice(0, isCount(most) ? most : 0)
    if (picked.length === 0 || !isRuleUse(among)) return picked
    // Asked again, for the page that offered them may be hours old.
    const allowed = new Set((await ask(among)).map(person => person.id))
    return picked.filter(id => allowed.has(id))
  },
  candidates: async ({ params: { among }, ask }) => isRuleUse(among) ? (await ask(among)).map(person => person.id) : null,
})

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 50
}
