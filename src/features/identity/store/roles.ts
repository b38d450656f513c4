import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import { prepared, type Value } from '../../../platform/prepared.ts'
import { type Role, WHOLE_UNIVERSITY } from '../rules/roles.ts'
import { currentStandings } from '../rules/standing.ts'
import type { RolesTable } from '../tables.ts'

export type Grant = { person_id: string; role: string; unit_id: string }

/** People who are here and hold the role: for the unit, one above it or the whole university; all holders where no unit is asked for. Longest holders first. */
export async function selectHolders(db: Db, role: string, unit_id?: string): Promise<string[]> {
  const rows = unit_id === undefined ? await holders(db, { role }) : await holdersFor(db, { role, unit_id })
  return [...new Set(rows.map(row => row.person_id))]
}

function selectHere(db: Db) {
  return db.selectFrom('identity_roles as r').innerJoin('identity_people as p', 'p.id', 'r.person_id').innerJoin('identity_numbers as n', 'n.number', 'p.number')
    .select('r.person_id').where('n.standing', 'in', currentStandings).orderBy('r.granted_at').orderBy('r.id')
}

const holders = prepared((db: Db, value: Value<{ role: string }>) => selectHere(db).where('r.role', '=', value('role')))

// `union` drops what was met before, so units above each other do not go round for ever.
const holdersFor = prepared((db: Db, value: Value<{ role: string; unit_id: string }>) => {
  const upwards = db.withRecursive('upwards', units => units.selectFrom('identity_units').select(['id', 'parent_id']).where('id', '=', value('unit_id'))
    .union(units.selectFrom('upwards as below').innerJoin('identity_units as above', 'above.id', 'below.parent_id').select(['above.id', 'above.parent_id'])))
    .selectFrom('upwards').select('id')
  return selectHere(db).where('r.role', '=', value('role')).where(where => where.or([where('r.unit_id', '=', WHOLE_UNIVERSITY), where('r.unit_id', 'in', upwards)]))
})

export async function rolesOf(db: Db, person_id: string) {
  return await db.selectFrom('identity_roles as r').leftJoin('identity_units as u', 'u.id', 'r.unit_id')
    .select(['r.id', 'r.role', 'r.unit_id', 'u.name as unit_name', 'r.source', 'r.granted_at']).where('r.person_id', '=', person_id).orderBy('r.granted_at').orderBy('r.id').execute()
}

export async function rosterRoles(db: Db, person_ids: readonly string[]): Promise<Grant[]> {
  if (person_ids.length === 0) return []
  return await db.selectFrom('identity_roles').select(['person_id', 'role', 'unit_id']).where('person_id', 'in', person_ids).where('source', '=', 'roster').execute()
}

export async function hasRole(db: Db, grant: Grant): Promise<boolean> {
  const row = await db.selectFrom('identity_roles').select('id').where('person_id', '=', grant.person_id).where('role', '=', grant.role).where('unit_id', '=', grant.unit_id).executeTakeFirst()
  return row !== undefined
}

export async function insertRole(tx: Tx, grant: Grant & { role: Role }, source: RolesTable['source']): Promise<void> {
  await tx.insertInto('identity_roles').values({ id: newId(), ...grant, source, granted_at: tx.bus.clock.now() }).execute()
}

export async function deleteRole(tx: Tx, grant: Grant): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('identity_roles')
    .where('person_id', '=', grant.person_id).where('role', '=', grant.role).where('unit_id', '=', grant.unit_id).executeTakeFirst()
  return numDeletedRows > 0n
}
