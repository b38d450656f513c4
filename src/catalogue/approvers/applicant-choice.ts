import { defineApprover, isRuleUse } from '../../features/approvals/define.ts'

/** Whom the applicant chose for this step before sending. `among`: a rule that says who may be chosen; anyone where it is left out. `most`: so many at most. */
export default defineApprover({
  name: 'applicant-choice',
  label: '由申请人选定',
  check: ({ among, most = 1 }) => among !== undefined && !isRuleUse(among) ? '没有写明可以选谁' : isCount(most) ? null : '最多选几人应是 1 到 50 的整数',
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
