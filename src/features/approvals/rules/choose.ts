import type { ApprovalStep } from '../define.ts'

/** Whom a node falls to: people with the reason, or nobody and what follows from it. */
export type Choice =
  | { kind: 'assigned'; people: string[]; reason: 'rule' | 'nobody' }
  | { kind: 'skipped'; why: 'nobody' | 'self' }
  | { kind: 'refused'; why: 'nobody' }

/**
 * Applies the node's `self` and `nobody` to what its rule found.
 * An applicant who is left out is not 'nobody': where only the applicant was found, the node is passed whatever `nobody` says.
 * `people` is empty only where even the administrators are missing.
 */
export function choose(step: ApprovalStep, found: readonly string[], applicant_id: string, admins: readonly string[]): Choice {
  const everyone = [...new Set(found)]
  const allowed = (ids: readonly string[]) => step.self === 'skip' ? ids.filter(id => id !== applicant_id) : ids
  const people = [...allowed(everyone)]
  if (people.length > 0) return { kind: 'assigned', people, reason: 'rule' }
  if (everyone.length > 0) return { kind: 'skipped', why: 'self' }
  if (step.nobody === 'refuse') return { kind: 'refused', why: 'nobody' }
  if (step.nobody === 'pass') return { kind: 'skipped', why: 'nobody' }
  return { kind: 'assigned', people: [...new Set(allowed(admins))], reason: 'nobody' }
}
