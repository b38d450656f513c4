import type { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Approver, Flow, RuleUse, Step } from '../define.ts'
import { flowSchema } from '../schema.ts'
import { isCondition } from './ask.ts'
import { allSteps } from './walk.ts'

/** More steps than any office has, few enough to advance in well under a millisecond. */
const MOST_STEPS = 200

/** `label`: the step meant, null for the flow as a whole. */
export type Fault = { label: string | null; sentence: string; params?: AppError['params'] }

/** What is wrong with a flow before an instance is started on it; empty when it will do. */
export function faultsOf(flow: unknown, approvers: ReadonlyMap<string, Approver>): Fault[] {
  if (!fits<Flow>(flowSchema, flow)) return [{ label: null, sentence: '流程的格式不正确' }]
  const steps = allSteps(flow.nodes)
  if (steps.length > MOST_STEPS) return [{ label: null, sentence: '流程的环节太多' }]
  const ids = steps.map(step => step.id)
  const twice = steps.filter((step, index) => ids.indexOf(step.id) !== index)
    .map(({ label, id }): Fault => ({ label, sentence: '环节编号“{id}”已经用过', params: { id } }))
  return [...twice, ...steps.flatMap(step => ruleFault(step, approvers))]
}

function ruleFault(step: Step, approvers: ReadonlyMap<string, Approver>): Fault[] {
  return step.kind === 'approval' ? useFaults(step.label, step.approver, approvers, DEEPEST_RULE) : []
}

/** Rules within rules; more than these nobody follows, and each asks the directory. */
const DEEPEST_RULE = 3

function useFaults(label: string, { rule, params = {} }: RuleUse, approvers: ReadonlyMap<string, Approver>, deep: number): Fault[] {
  const approver = approvers.get(rule)
  if (!approver) return [{ label, sentence: '没有叫“{rule}”的办理人规则', params: { rule } }]
  if (deep === 0) return [{ label, sentence: '办理人规则套得太深' }]
  const sentence = approver.check?.(params)
  if (sentence) return [{ label, sentence }]
  if (approver.conditions?.(params).some(condition => !isCondition(condition))) return [{ label, sentence: '条件的格式不正确' }]
  return (approver.uses?.(params) ?? []).flatMap(use => useFaults(label, use, approvers, deep - 1))
}
