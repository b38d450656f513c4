import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/db.ts'
import type { Right } from '../../platform/rights.ts'
import { stateOf } from './rules/grants.ts'
import { downwards, reachOf } from './rules/roles.ts'
import { grantsOf } from './store/roles.ts'
import { listUnits } from './store/units.ts'

/** The departments that a person's right reaches, those below included; null where it reaches everything. */
export async function unitsInReach(db: Db, clock: Clock, person_id: string, right: Right): Promise<string[] | null> {
  const now = clock.now()
  const { everything, units } = reachOf((await grantsOf(db, person_id)).filter(grant => stateOf(grant, now) === 'current'), right)
  if (everything) return null
  const byId = new Map((await listUnits(db)).map(unit => [unit.id, unit]))
  return [...new Set(units.flatMap(unit => downwards(byId, unit)))]
}
