import type { Condition } from '../../../platform/condition.ts'
import type { Approver, RuleUse } from '../define.ts'
import type { Flow, Step } from '../schema.ts'
import { rulesNamedBy } from './check-flow.ts'
import { usesOf } from './review-flow.ts'
import { branchesOf } from './tree.ts'

/**
 * People to be chosen for a step before it begins. `by`: the step whose approver chooses, null for the applicant. `when`: the conditions on the
 * way to the step, null where it is always reached. `wanted`: whether nothing may be sent without; a copy may go to nobody.
 */
export type Choice = { step: string; label: string; by: string | null; most: number; when: Condition | null; wanted: boolean; use: RuleUse }

type Approvers = ReadonlyMap<string, Approver>
type Place = { step: Step; when: readonly Condition[] }

const known = new WeakMap<Flow, readonly Choice[]>()

/** Whatever people choose in a flow, in reading order; one choice for a step. */
export function choicesIn(flow: Flow, approvers: Approvers): readonly Choice[] {
  const found = known.get(flow) ?? placesIn(flow.nodes, []).flatMap(place => choiceAt(place, approvers))
  known.set(flow, found)
  return found
}

function choiceAt({ step, when }: Place, approvers: Approvers): Choice[] {
  const asked = rulesNamedBy(step).flatMap(use => usesOf(use, approvers)).find(({ approver }) => approver.candidates)
  if (!asked) return []
  const { use, approver } = asked
  const { params = {} } = use
  const most = typeof params.most === 'number' ? params.most : 1
  return [{ step: step.id, label: step.label, by: approver.after?.(params)[0] ?? null, most, when: joined(when), wanted: step.kind === 'approval', use }]
}

function placesIn(steps: readonly Step[], when: readonly Condition[]): Place[] {
  return steps.flatMap(step => [{ step, when }, ...branchesOf(step).flatMap((branch, index) => placesIn(branch, [...when, ...wayInto(step, index)]))])
}

/** What must hold for this branch to be walked: of a condition none before it, and `otherwise` where none of them. */
function wayInto(step: Step, index: number): Condition[] {
  if (step.kind !== 'condition' && step.kind !== 'inclusive') return []
  const { kind, branches } = step
  const own = branches[index]?.when
  const not = branches.slice(0, index).map(({ when }) => ({ not: when }))
  return own === undefined ? not : kind === 'condition' ? [...not, own] : [own]
}

function joined(conditions: readonly Condition[]): Condition | null {
  const [first, ...more] = conditions
  return first === undefined ? null : more.length === 0 ? first : { all: [...conditions] }
}
