import type { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Approver, Flow, Step } from '../define.ts'
import { flowSchema } from '../schema.ts'
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
  if (step.kind !== 'approval') return []
  const { label, approver: { rule, params = {} } } = step
  const approver = approvers.get(rule)
  if (!approver) return [{ label, sentence: '没有叫“{rule}”的办理人规则', params: { rule } }]
  const sentence = approver.check?.(params)
  return sentence ? [{ label, sentence }] : []
}
