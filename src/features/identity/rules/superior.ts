import { upwards } from './roles.ts'

type Unit = { id: string; parent_id: string | null; head_number: string | null }
type Placed = { number: string; unit_id: string; leader_number: string | null }

/**
 * Numbers of those who may be a member of staff's direct superior, the nearest first: whom the roster names, then the head of the
 * department, then those of the departments above. Nobody is their own superior.
 */
export function superiorNumbers<Each extends Unit>(units: ReadonlyMap<string, Each>, { number, unit_id, leader_number }: Placed): string[] {
  const heads = upwards(units, unit_id).map(id => units.get(id)?.head_number)
  return [...new Set([leader_number, ...heads])].filter(each => typeof each === 'string').filter(each => each !== number)
}
