import { type Condition, evaluate, type Question, questionsOf } from '../../../platform/condition.ts'
import { fits } from '../../../platform/schema.ts'
import { allSteps, type Fault, type Flow, type Step } from '../../approvals/index.ts'
import type { BoundField } from '../fields/field.ts'
import type { Form, Values } from './form.ts'
import { filledBy } from './steps.ts'

/** A doubt about a service. `example`: values of the form in which it shows. */
export type Finding = Fault & { example?: Values }

/** More cases than these nobody wrote by hand; such a step is not looked into. */
const MOST_CASES = 5000

/**
 * Branches that no form can reach, cases that no branch covers, jumps that never or always happen. The cases are those in which the questions of a
 * step can differ: each option, each bound and what lies beside it. Of fields whose values cannot be listed so, nothing is called impossible.
 */
export function branchFindings(flow: Flow, form: Form): Finding[] {
  const steps = allSteps(flow.nodes)
  const written = new Set(steps.flatMap(step => step.kind === 'trigger' ? filledBy(step) : []))
  return steps.flatMap((step, at) => {
    if (step.kind === 'route') return routeFindings(step, steps.findIndex(one => one.id === step.to) > at + 1, casesOf([step.when], form, written))
    return step.kind === 'condition' || step.kind === 'inclusive' ? stepFindings(step, casesOf(step.branches.map(branch => branch.when), form, written)) : []
  })
}

/** `whole`: there are no others that the questions could tell apart. */
type Cases = { list: readonly Values[]; whole: boolean }

function stepFindings({ label, kind, branches, otherwise }: Extract<Step, { kind: 'condition' | 'inclusive' }>, { list, whole }: Cases): Finding[] {
  const reached = new Set<number>()
  let uncovered: Values | undefined
  for (const values of list) {
    const holding = [...branches.entries()].filter(([, branch]) => evaluate(branch.when, values)).map(([index]) => index)
    for (const index of kind === 'condition' ? holding.slice(0, 1) : holding) reached.add(index)
    if (holding.length === 0) uncovered ??= values
  }
  const never = whole ? [...branches.keys()].filter(index => !reached.has(index)) : []
  return [
    ...never.map((index): Finding => ({ label, sentence: '分支“{branch}”任何情况下都走不到', params: { branch: branches[index]?.label ?? '' }, stops: true })),
    ...whole && !uncovered && otherwise.length > 0 ? [{ label, sentence: '前面的分支已经包括所有情况，“其他情况”里的环节走不到', stops: true } satisfies Finding] : [],
    ...uncovered && otherwise.length === 0 ? [{ label, sentence: '有的情况不走任何分支，直接到下一环节', example: uncovered } satisfies Finding] : [],
  ]
}

function routeFindings({ label, when }: Extract<Step, { kind: 'route' }>, passesOver: boolean, { list, whole }: Cases): Finding[] {
  if (!whole) return []
  if (!list.some(values => evaluate(when, values))) return [{ label, sentence: '跳转的条件任何情况下都不成立' }]
  return passesOver && list.every(values => evaluate(when, values)) ? [{ label, sentence: '跳转的条件总是成立，中间的环节走不到', stops: true }] : []
}

function casesOf(conditions: readonly Condition[], form: Form, written: ReadonlySet<string>): Cases {
  const questions = Map.groupBy(conditions.flatMap(questionsOf), question => question.field)
  let list: Values[] = [{}]
  let whole = true
  for (const [key, asked] of questions) {
    const field = form.fields.find(one => one.definition.key === key)
    const domain = field ? domainOf(field, asked) : { values: [], whole: false }
    if (!domain.whole || written.has(key)) whole = false
    list = list.flatMap(values => domain.values.map(value => value === undefined ? values : { ...values, [key]: value }))
    if (list.length > MOST_CASES) return { list: [], whole: false }
  }
  return { list, whole }
}

type Domain = { values: readonly unknown[]; whole: boolean }

function domainOf(field: BoundField, asked: readonly Question[]): Domain {
  const { required, when, by } = field.definition
  const empty = required && !when && by !== 'approver' && !field.compute ? [] : [undefined]
  const { values, whole } = filledOf(field, asked)
  const possible = values.filter(value => field.schema !== null && fits(field.schema, value))
  return { values: [...possible, ...empty], whole: whole && possible.length > 0 }
}

function filledOf({ control, amount, names }: BoundField, asked: readonly Question[]): Domain {
  const words = asked.flatMap(({ is, 'is-not': isNot, in: among = [] }) => [is, isNot, ...among]).filter(word => word !== undefined)
  const bounds = asked.flatMap(({ over, under }) => [over, under]).filter(bound => bound !== undefined)
  if (control.kind === 'choice' && control.as !== 'check') return { values: control.options.map(option => option.value), whole: true }
  if (control.kind === 'choice') return { values: [...control.options.map(option => [option.value]), control.options.map(option => option.value)], whole: false }
  if (control.kind === 'rating') return { values: [1, 2, 3, 4, 5], whole: true }
  if (amount) return { values: [...new Set([0, 1, ...words, ...bounds].flatMap(each => typeof each === 'number' ? [each - 1, each - 0.5, each, each + 0.5, each + 1] : []))].toSorted(byLikelihood), whole: true }
  if (control.kind === 'area' || (control.kind === 'line' && bounds.length === 0 && names === null)) return { values: [...new Set([...words, OTHER])], whole: true }
  return { values: [...words, ...bounds], whole: false }
}

/** The first that fits becomes the example: whole and positive amounts are what people fill in. */
function byLikelihood(one: number, other: number): number {
  const odd = (amount: number) => Number(amount < 1) * 2 + Number(!Number.isInteger(amount))
  return odd(one) - odd(other) || one - other
}

/** What nobody asks for. */
const OTHER = '—'
