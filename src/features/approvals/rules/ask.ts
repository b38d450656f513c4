import { type Condition, conditionSchema, evaluate, isTooDeep } from '../../../platform/condition.ts'
import { fits } from '../../../platform/schema.ts'
import type { Approver, Found, Question, RuleUse } from '../define.ts'

/** All that a rule may ask, but its own params. */
export type Circumstances = Omit<Question, 'params' | 'ask' | 'holds'>

/** Whom the rule names, each once, in its order. Throws where there is no such rule: flows are checked before anything starts on them. */
export async function askRule(approvers: ReadonlyMap<string, Approver>, use: RuleUse, circumstances: Circumstances): Promise<Found[]> {
  const found = await ruleOf(approvers, use).find(questionOf(approvers, use, circumstances))
  const people = new Map<string, Found>()
  for (const each of found) {
    const person = typeof each === 'string' ? { id: each } : each
    if (!people.has(person.id)) people.set(person.id, person)
  }
  return [...people.values()]
}

export function questionOf(approvers: ReadonlyMap<string, Approver>, { params = {} }: RuleUse, circumstances: Circumstances): Question {
  return {
    ...circumstances, params,
    holds: condition => isCondition(condition) && evaluate(condition, circumstances.form),
    // Seen from the outer rule's label it would be a riddle why the inner one chose them.
    ask: async inner => (await askRule(approvers, inner, circumstances)).map(({ id, why = { phrase: ruleOf(approvers, inner).label } }) => ({ id, why })),
  }
}

export function ruleOf(approvers: ReadonlyMap<string, Approver>, { rule }: RuleUse): Approver {
  const approver = approvers.get(rule)
  if (!approver) throw new Error(`approvals: no approver rule is called ${rule}`)
  return approver
}

export function isCondition(value: unknown): value is Condition {
  return !isTooDeep(value) && fits<Condition>(conditionSchema, value)
}
