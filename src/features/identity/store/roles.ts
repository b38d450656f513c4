import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import { prepared, type Value } from '../../../platform/prepared.ts'
import type { GrantsTable } from '../grant-tables.ts'
import { administrators } from '../rules/roles.ts'
import { currentStandings } from '../rules/standing.ts'

export type Held = Pick<GrantsTable, 'person_id' | 'role' | 'scope_kind' | 'scope_id'>

/** People who are here and hold the role now: for the unit, one above it or everything; all holders where no unit is asked for. Longest holders first. */
export async function selectHolders(db: Db, now: number, role: string, unit_id?: string): Promise<string[]> {
  const rows = unit_id === undefined ? await holders(db, { role, now }) : await holdersFor(db, { role, unit_id, now })
  return [...new Set(rows.map(row => row.person_id))]
}

/** Who is here and holds each of the administrators' roles now. */
export async function administratorsNow(db: Db, now: number): Promise<Map<string, Set<string>>> {
  const held = new Map<string, Set<string>>()
  for (const role of administrators) held.set(role, new Set(await selectHolders(db, now, role)))
  return held
}

/** All numbers of whoever has an administrators' role. */
export async function administratorsNumbers(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('identity_grants as g').innerJoin('identity_numbers as n', 'n.person_id', 'g.person_id').select('n.number').where('g.role', 'in', administrators).where('g.ended_at', 'is', null).execute()
  return new Set(rows.map(row => row.number))
}

type Holders = { role: string; now: number }

const holders = prepared((db: Db, value: Value<Holders>) => selectHere(db, value))

// `union` drops what was met before, so units above each other do not go round for ever.
const holdersFor = prepared((db: Db, value: Value<Holders & { unit_id: string }>) => {
  const upwards = db.withRecursive('upwards', units => units.selectFrom('identity_units').select(['id', 'parent_id']).where('id', '=', value('unit_id'))
    .union(units.selectFrom('upwards as below').innerJoin('identity_units as above', 'above.id', 'below.parent_id').select(['above.id', 'above.parent_id'])))
    .selectFrom('upwards').select('id')
  return selectHere(db, value).where(where => where.or([where('g.scope_kind', '=', 'all'), where.and([where('g.scope_kind', '=', 'unit'), where('g.scope_id', 'in', upwards)])]))
})

/** People who are here and hold the role now for this one service, longest holders first. */
export async function selectServiceHolders(db: Db, now: number, role: string, service_key: string): Promise<string[]> {
  return [...new Set((await serviceHolders(db, { role, service_key, now })).map(row => row.person_id))]
}

const serviceHolders = prepared((db: Db, value: Value<Holders & { service_key: string }>) =>
  selectHere(db, value).where('g.scope_kind', '=', 'service').where('g.scope_id', '=', value('service_key')))

function selectHere(db: Db, value: Value<Holders>) {
  return db.selectFrom('identity_grants as g').innerJoin('identity_people as p', 'p.id', 'g.person_id').innerJoin('identity_numbers as n', 'n.number', 'p.number')
    .select('g.person_id').where('g.role', '=', value('role')).where('g.ended_at', 'is', null).where('g.starts_at', '<=', value('now'))
    .where(where => where.or([where('g.ends_at', 'is', null), where('g.ends_at', '>', value('now'))]))
    .where('n.standing', 'in', currentStandings).orderBy('g.granted_at').orderBy('g.id')
}

/** What a person holds, with the names of departments, for their own page. */
export async function rolesOf(db: Db, person_id: string) {
  return await db.selectFrom('identity_grants as g').leftJoin('identity_units as u', join => join.onRef('u.id', '=', 'g.scope_id').on('g.scope_kind', '=', 'unit'))
    .select(['g.id', 'g.role', 'g.scope_kind', 'g.scope_id', 'u.name as unit_name', 'g.source', 'g.granted_at', 'g.starts_at', 'g.ends_at']).where('g.person_id', '=', person_id).where('g.ended_at', 'is', null)
    .orderBy('g.granted_at').orderBy('g.id').execute()
}

/** A person's grants that have not been ended: current ones, coming ones, and those whose time is over and nobody has put away yet. */
export async function grantsOf(db: Db, person_id: string): Promise<GrantsTable[]> {
  return await db.selectFrom('identity_grants').selectAll().where('person_id', '=', person_id).where('ended_at', 'is', null).orderBy('granted_at').orderBy('id').execute()
}

/** What a person once held, the last ended first. */
export async function endedGrantsOf(db: Db, person_id: string, limit: number): Promise<GrantsTable[]> {
  return await db.selectFrom('identity_grants').selectAll().where('person_id', '=', person_id).where('ended_at', 'is not', null).orderBy('ended_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export async function grantById(db: Db, id: string): Promise<GrantsTable | null> {
  return await db.selectFrom('identity_grants').selectAll().where('id', '=', id).executeTakeFirst() ?? null
}

/** The same role for the same scope, not ended. */
export async function liveGrant(db: Db, held: Held): Promise<GrantsTable | null> {
  return await db.selectFrom('identity_grants').selectAll().where('live_key', '=', liveKey(held)).executeTakeFirst() ?? null
}

/** What these people hold for a department, or for all where `unit_id` is '', and whether a roster gave it. */
export async function rolesOfMany(db: Db, person_ids: readonly string[]): Promise<{ person_id: string; role: string; unit_id: string; source: 'roster' | 'hand' }[]> {
  if (person_ids.length === 0) return []
  return await db.selectFrom('identity_grants').select(['person_id', 'role', 'scope_id as unit_id', 'source']).where('person_id', 'in', person_ids).where('scope_kind', 'in', ['all', 'unit']).where('ended_at', 'is', null).execute()
}

/** Holds these grants until the transaction ends, so that two who end the last two of a role see each other. */
export async function holdRole(tx: Tx, role: string): Promise<void> {
  await tx.updateTable('identity_grants').set(({ ref }) => ({ noticed_at: ref('noticed_at') })).where('role', '=', role).where('ended_at', 'is', null).execute()
}

/** Holds the person until the transaction ends, so that two who give them roles see each other. */
export async function holdPerson(tx: Tx, person_id: string): Promise<void> {
  await tx.updateTable('identity_people').set(({ ref }) => ({ updated_at: ref('updated_at') })).where('id', '=', person_id).execute()
}

type NewGrant = Held & Pick<GrantsTable, 'source' | 'reason' | 'granted_by' | 'starts_at' | 'ends_at'>

export async function insertGrant(tx: Tx, grant: NewGrant): Promise<string> {
  const id = newId()
  await tx.insertInto('identity_grants').values({
    ...grant, id, granted_at: tx.bus.clock.now(), noticed_at: null, ended_at: null, ended_by: null, end_reason: null, live_key: liveKey(grant),
  }).execute()
  return id
}

/** False where it had ended already. */
export async function closeGrant(tx: Tx, id: string, end: Pick<GrantsTable, 'ended_by' | 'end_reason'> & { ended_at: number }): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_grants').set({ ...end, live_key: null }).where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Grants whose time is over and that nobody has put away. */
export async function lapsedGrants(db: Db, now: number, limit: number): Promise<GrantsTable[]> {
  return await db.selectFrom('identity_grants').selectAll().where('ended_at', 'is', null).where('ends_at', '<=', now).orderBy('ends_at').limit(limit).execute()
}

/** Grants that end before this and of whose end nobody was told. */
export async function grantsEndingBy(db: Db, at: number, limit: number): Promise<GrantsTable[]> {
  return await db.selectFrom('identity_grants').selectAll().where('ended_at', 'is', null).where('ends_at', '<=', at).where('noticed_at', 'is', null).orderBy('ends_at').limit(limit).execute()
}

/** False where somebody was told meanwhile. */
export async function markNoticed(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_grants').set({ noticed_at: tx.bus.clock.now() }).where('id', '=', id).where('noticed_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** How many hold each role now, or will. */
export async function countByRole(db: Db, now: number): Promise<Map<string, number>> {
  const rows = await db.selectFrom('identity_grants').select(({ fn }) => ['role', fn.countAll<number>().as('n')]).where('ended_at', 'is', null)
    .where(where => where.or([where('ends_at', 'is', null), where('ends_at', '>', now)])).groupBy('role').execute()
  return new Map(rows.map(({ role, n }) => [role, Number(n)]))
}

export async function countEnding(db: Db, now: number, by: number): Promise<number> {
  const { n } = await db.selectFrom('identity_grants').select(({ fn }) => fn.countAll<number>().as('n')).where('ended_at', 'is', null).where('ends_at', '>', now).where('ends_at', '<=', by).executeTakeFirstOrThrow()
  return Number(n)
}

export type ListFilter = { role?: string | undefined; unit_ids?: readonly string[] | undefined; ending_by?: number | undefined; after?: string | undefined; limit: number }
export type ListedGrant = GrantsTable & { name: string; number: string; unit_name: string }

/** Who holds what now, or will: in the order of the grants' ids, a page at a time. */
export async function listGrants(db: Db, now: number, { role, unit_ids, ending_by, after, limit }: ListFilter): Promise<ListedGrant[]> {
  return await db.selectFrom('identity_grants as g').innerJoin('identity_people as p', 'p.id', 'g.person_id').innerJoin('identity_numbers as n', 'n.number', 'p.number').innerJoin('identity_units as u', 'u.id', 'n.unit_id')
    .selectAll('g').select(['p.name', 'p.number', 'u.name as unit_name']).where('g.ended_at', 'is', null)
    .where(where => where.or([where('g.ends_at', 'is', null), where('g.ends_at', '>', now)]))
    .$if(role !== undefined, query => query.where('g.role', '=', role ?? ''))
    .$if(unit_ids !== undefined, query => query.where('n.unit_id', 'in', unit_ids?.length ? unit_ids : ['']))
    .$if(ending_by !== undefined, query => query.where('g.ends_at', '<=', ending_by ?? 0))
    .$if(after !== undefined, query => query.where('g.id', '>', after ?? ''))
    .orderBy('g.id').limit(limit).execute()
}

function liveKey({ person_id, role, scope_kind, scope_id }: Held): string {
  return [person_id, role, scope_kind, scope_id].join(':')
}
