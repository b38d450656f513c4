import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/db.ts'
import type { Right } from '../../platform/rights.ts'
import { stateOf } from './rules/grants.ts'
import { downwards, type Reach, reachOf } from './rules/roles.ts'
import { grantsOf } from './store/roles.ts'
import { listUnits } from './store/units.ts'

/** How far a person's right goes: everything, or departments, those below included, and services. */
export async function reachIn(db: Db, clock: Clock, person_id: string, right: Right): Promise<Reach> {
  const now = clock.now()
  const reach = reachOf((await grantsOf(db, person_id)).filter(grant => stateOf(grant, now) === 'current'), right)
  if (reach.everything || reach.units.length === 0) return reach
  const byId = new Map((await listUnits(db)).map(unit => [unit.id, unit]))
  return { ...reach, units: [...new Set(reach.units.flatMap(unit => downwards(byId, unit)))] }
}

/** The departments that a person's right reaches, those below included; null where it reaches everything. */
export async function unitsInReach(db: Db, clock: Clock, person_id: string, right: Right): Promise<string[] | null> {
  const { everything, units } = await reachIn(db, clock, person_id, right)
  return everything ? null : [...units]
}
