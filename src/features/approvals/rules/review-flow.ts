import { questionsOf } from '../../../platform/condition.ts'
import type { Approver, Flow, RuleUse, Step } from '../define.ts'
import { isCondition } from './ask.ts'
import { type Fault, rulesNamedBy } from './check-flow.ts'
import { allSteps, branchesOf } from './tree.ts'

type Approvers = ReadonlyMap<string, Approver>

/**
 * What may be started but is hardly meant: choices that nobody can have made yet, branches without a step, conditions that leave a case open,
 * fields that the form has not. A further doubt is a further function of this list. `fields`: keys of the form, where it is known.
 */
export function reviewOf(flow: Flow, approvers: Approvers, fields?: readonly string[]): Fault[] {
  return inOrder(flow.nodes, []).flatMap(({ step, before }) => [choiceDoubts, branchDoubts, ruleDoubts, fieldDoubts].flatMap(doubts => doubts(step, { before, approvers, fields })))
}

/** Every rule that a step may ask, those within others included. */
export function usesOf(use: RuleUse, approvers: Approvers): { use: RuleUse; approver: Approver }[] {
  const approver = approvers.get(use.rule)
  if (!approver) return []
  return [{ use, approver }, ...(approver.uses?.(use.params ?? {}) ?? []).flatMap(inner => usesOf(inner, approvers))]
}

/** The steps that name people by this rule with these params. */
export function stepsBy(flow: Flow, approvers: Approvers, { rule, params = {} }: RuleUse): Step[] {
  return allSteps(flow.nodes).filter(step => rulesOf(step, approvers).some(({ use }) => use.rule === rule && Object.entries(params).every(([name, value]) => use.params?.[name] === value)))
}

type Place = { step: Step; before: readonly string[] }
type Known = { before: readonly string[]; approvers: Approvers; fields: readonly string[] | undefined }

/** Every step with those that are over when it begins: side by side nobody waits for the other branches, and of those to choose from none is sure. */
function inOrder(steps: readonly Step[], before: readonly string[]): Place[] {
  let over = before
  return steps.flatMap(step => {
    const inner = branchesOf(step).flatMap(branch => inOrder(branch, over))
    const sure = step.kind === 'parallel' || (step.kind === 'sub-process' && step.wait !== false) ? inner.map(place => place.step.id) : []
    const places = [{ step, before: over }, ...inner]
    over = [...over, step.id, ...sure]
    return places
  })
}

function choiceDoubts(step: Step, { before, approvers }: Known): Fault[] {
  return rulesOf(step, approvers).flatMap(({ use, approver }) => approver.after?.(use.params ?? {}) ?? [])
    .filter(id => !before.includes(id)).map(id => ({ label: step.label, sentence: '“{id}”不是前面的环节，到这里时还没有选人', params: { id } }))
}

function branchDoubts(step: Step): Fault[] {
  return step.kind === 'parallel' && step.branches.some(branch => branch.length === 0) ? [{ label: step.label, sentence: '有一个分支里没有环节' }] : []
}

function ruleDoubts(step: Step, { approvers }: Known): Fault[] {
  return rulesOf(step, approvers).flatMap(({ use, approver }) => {
    const sentence = approver.doubt?.(use.params ?? {})
    return sentence ? [{ label: step.label, sentence }] : []
  })
}

function fieldDoubts(step: Step, { approvers, fields }: Known): Fault[] {
  if (!fields) return []
  const named = [...fieldsOf(step), ...rulesOf(step, approvers).flatMap(({ use: { params = {} }, approver }) => [
    ...approver.fields?.(params) ?? [], ...(approver.conditions?.(params) ?? []).filter(isCondition).flatMap(condition => questionsOf(condition).map(question => question.field)),
  ])]
  return [...new Set(named)].filter(field => !fields.includes(field)).map(field => ({ label: step.label, sentence: '表单里没有字段“{field}”', params: { field }, stops: true }))
}

/** Those that the step itself reads or writes. */
function fieldsOf(step: Step): string[] {
  const conditions = step.kind === 'condition' || step.kind === 'inclusive' ? step.branches.map(branch => branch.when) : step.kind === 'route' ? [step.when] : []
  const touched = step.kind === 'delay' ? [step.until?.field ?? []].flat() : step.kind !== 'trigger' ? [] : 'set' in step.does ? Object.keys(step.does.set) : step.does.send ?? []
  return [...conditions.flatMap(condition => questionsOf(condition).map(question => question.field)), ...touched]
}

function rulesOf(step: Step, approvers: Approvers) {
  return rulesNamedBy(step).flatMap(use => usesOf(use, approvers))
}
