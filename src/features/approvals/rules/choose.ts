import type { ApprovalStep } from '../schema.ts'

/** Whom a node falls to: people with the reason, or nobody and what follows from it. */
export type Choice =
  | { kind: 'assigned'; people: string[]; reason: 'rule' | 'nobody' }
  | { kind: 'skipped'; why: 'nobody' | 'self' }
  | { kind: 'refused'; why: 'nobody' }

/** `leaders`: the applicant's superior. `named`: whom the step names for when nobody is found. */
type Others = { leaders?: readonly string[]; named?: readonly string[] }

/**
 * Applies the node's `self` and `nobody` to what its rule found.
 * An applicant who is left out is not 'nobody': where only the applicant was found, the node is passed whatever `nobody` says.
 * `people` is empty only where even the administrators are missing.
 */
export function choose(step: ApprovalStep, found: readonly string[], applicant_id: string, admins: readonly string[], { leaders = [], named = [] }: Others = {}): Choice {
  const keeps = step.self === undefined || step.self === 'self'
  const allowed = (ids: readonly string[]) => [...new Set(keeps ? ids : ids.filter(id => id !== applicant_id))]
  const people = allowed(found.flatMap(id => step.self === 'leader' && id === applicant_id ? leaders : [id]))
  if (people.length > 0) return { kind: 'assigned', people, reason: 'rule' }
  if (found.length > 0 && step.self === 'skip') return { kind: 'skipped', why: 'self' }
  if (step.nobody === 'refuse') return { kind: 'refused', why: 'nobody' }
  if (step.nobody === 'pass') return { kind: 'skipped', why: 'nobody' }
  const instead = allowed(named)
  return { kind: 'assigned', people: instead.length > 0 ? instead : allowed(admins), reason: 'nobody' }
}

/** Whose approval counts here already: whoever has approved a step that stands, or the one just before. */
export function hasAgreed(step: ApprovalStep, before: readonly { step: string; people: readonly string[] }[]): ReadonlySet<string> {
  if (step.again === 'once') return new Set(before.flatMap(one => one.people))
  return new Set(step.again === 'consecutive' ? before.at(-1)?.people : [])
}

/** Does one approval settle the node? Then one that counts already does, too. */
export function isSettledByOne({ mode }: ApprovalStep): boolean {
  return mode === 'any' || mode === 'random' || mode === 'pool'
}
