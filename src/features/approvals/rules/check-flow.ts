import type { AppError } from '../../../platform/errors.ts'
import { isTooDeep } from '../../../platform/condition.ts'
import { fits } from '../../../platform/schema.ts'
import type { Approver, RuleUse } from '../define.ts'
import { type Flow, flowSchema, type Step } from '../schema.ts'
import { isCondition } from './ask.ts'
import { allSteps, areBeside, mostJumps, stepsOf } from './tree.ts'

/** More steps than any office has, few enough to advance in well under a millisecond. */
const MOST_STEPS = 200
/** Each jump walks what comes after its target again, in one transaction: a thousand of them would hold everybody else up for minutes. */
const JUMPS_TOGETHER = 100
/** Of JSON, asked before anything walks it: some twenty steps within steps. */
const DEEPEST = 80

/** `label`: the step meant, null for the flow as a whole. `stops`: nothing should be published with it, though an instance may start. */
export type Fault = { label: string | null; sentence: string; params?: AppError['params']; stops?: true }

/** What is wrong with a flow before an instance is started on it; empty when it will do. */
export function faultsOf(flow: unknown, approvers: ReadonlyMap<string, Approver>): Fault[] {
  if (isTooDeep(flow, DEEPEST)) return [{ label: null, sentence: '流程的环节套得太深' }]
  if (isTooLarge(flow)) return [{ label: null, sentence: '流程的环节太多' }]
  if (!fits<Flow>(flowSchema, flow)) return [{ label: null, sentence: '流程的格式不正确' }]
  const steps = allSteps(flow.nodes)
  if (steps.length > MOST_STEPS) return [{ label: null, sentence: '流程的环节太多' }]
  if (jumpsIn(steps) > JUMPS_TOGETHER) return [{ label: null, sentence: '跳转环节太多，所有跳转的次数加起来不能超过 {most} 次', params: { most: JUMPS_TOGETHER } }]
  const ids = steps.map(step => step.id)
  const twice = steps.filter((step, index) => ids.indexOf(step.id) !== index)
    .map(({ label, id }): Fault => ({ label, sentence: '环节编号“{id}”已经用过', params: { id } }))
  return [...twice, ...steps.flatMap(step => [...ruleFaults(step, approvers), ...shapeFaults(step, flow)])]
}

/** Values in it, more than two hundred steps need: asked before the schema, which would look at each of a million for seconds. */
const MOST_VALUES = 50_000

function isTooLarge(flow: unknown): boolean {
  const waiting: unknown[] = [flow]
  for (let seen = 0; waiting.length > 0; seen++) {
    if (seen + waiting.length > MOST_VALUES) return true
    const next = waiting.pop()
    if (typeof next === 'object' && next !== null) for (const part of Object.values(next)) waiting.push(part)
  }
  return false
}

function jumpsIn(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'route' ? mostJumps(step) : 0), 0)
}

function ruleFaults(step: Step, approvers: ReadonlyMap<string, Approver>): Fault[] {
  return rulesNamedBy(step).flatMap(use => useFaults(step.label, use, approvers, DEEPEST_RULE))
}

/** Every rule that a step names for finding people. */
export function rulesNamedBy(step: Step): RuleUse[] {
  if (step.kind === 'cc') return [step.to]
  if (step.kind !== 'approval') return []
  const over = step.limit?.over
  return [step.approver, ...(typeof over === 'object' ? [over.to] : [])]
}

function shapeFaults(step: Step, flow: Flow): Fault[] {
  const { label } = step
  if (step.kind === 'condition' || step.kind === 'inclusive') return step.branches.some(branch => !isCondition(branch.when)) ? [{ label, sentence: '条件的格式不正确' }] : []
  if (step.kind === 'delay') return (step.minutes === undefined) === (step.until === undefined) ? [{ label, sentence: '等待要写明时长或到哪一天，只写一种' }] : []
  if (step.kind !== 'route') return []
  const target = stepsOf(flow).get(step.to)
  if (!target) return [{ label, sentence: '要跳到的环节“{id}”不存在', params: { id: step.to } }]
  if (step.to === step.id || areBeside(flow, step.id, step.to)) return [{ label, sentence: '“{target}”和这一步并行，不能跳到那里', params: { target: target.label } }]
  return isCondition(step.when) ? [] : [{ label, sentence: '条件的格式不正确' }]
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
