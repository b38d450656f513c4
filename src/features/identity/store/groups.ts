import type { Db, Tx } from '../../../platform/db.ts'
import type { GroupsTable } from '../group-tables.ts'
import { currentStandings } from '../rules/standing.ts'
import { type Person, selectPeople } from './people.ts'

export async function groupById(db: Db, id: string): Promise<GroupsTable | null> {
  return await db.selectFrom('identity_groups').selectAll().where('id', '=', id).executeTakeFirst() ?? null
}

export async function findGroup(db: Db, word: string): Promise<GroupsTable | null> {
  return await db.selectFrom('identity_groups').selectAll().where('word', '=', word).executeTakeFirst() ?? null
}

/** By name, with how many people are in each. */
export async function listGroups(db: Db): Promise<(GroupsTable & { people: number })[]> {
  const rows = await db.selectFrom('identity_groups as g').leftJoin('identity_group_members as m', 'm.group_id', 'g.id')
    .selectAll('g').select(({ fn }) => fn.count<number | string>('m.person_id').as('people')).groupBy('g.id').orderBy('g.name').execute()
  return rows.map(row => ({ ...row, people: Number(row.people) }))
}

export async function insertGroup(tx: Tx, row: GroupsTable): Promise<void> {
  await tx.insertInto('identity_groups').values(row).execute()
}

export async function updateGroup(tx: Tx, id: string, change: Pick<GroupsTable, 'name' | 'purpose' | 'updated_at'>): Promise<void> {
  await tx.updateTable('identity_groups').set(change).where('id', '=', id).execute()
}

/** Holds the group until the transaction ends, so that two who change its people see each other. */
export async function holdGroup(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('identity_groups').set({ updated_at: tx.bus.clock.now() }).where('id', '=', id).execute()
}

/** With its people. False where it is gone already. */
export async function deleteGroup(tx: Tx, id: string): Promise<boolean> {
  await tx.deleteFrom('identity_group_members').where('group_id', '=', id).execute()
  const { numDeletedRows } = await tx.deleteFrom('identity_groups').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Everybody in it, who has left too, in the order in which they joined. */
export async function membersOf(db: Db, group_id: string): Promise<(Person & { place: number })[]> {
  return await selectPeople(db).innerJoin('identity_group_members as m', 'm.person_id', 'p.id').select('m.place')
    .where('m.group_id', '=', group_id).whereRef('n.number', '=', 'p.number').orderBy('m.place').orderBy('p.id').execute()
}

/** Ids of those who are here, in the order in which they joined. */
export async function presentMembers(db: Db, group_id: string): Promise<string[]> {
  const rows = await db.selectFrom('identity_group_members as m').innerJoin('identity_people as p', 'p.id', 'm.person_id').innerJoin('identity_numbers as n', 'n.number', 'p.number')
    .select('m.person_id').where('m.group_id', '=', group_id).where('n.standing', 'in', currentStandings).orderBy('m.place').orderBy('m.person_id').execute()
  return rows.map(row => row.person_id)
}

export async function insertMembers(tx: Tx, group_id: string, people: readonly { person_id: string; place: number }[]): Promise<void> {
  const added_at = tx.bus.clock.now()
  await tx.insertInto('identity_group_members').values(people.map(person => ({ ...person, group_id, added_at }))).execute()
}

/** False where the person was not in it. */
export async function deleteMember(tx: Tx, group_id: string, person_id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('identity_group_members').where('group_id', '=', group_id).where('person_id', '=', person_id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** The groups that a person is in, by name. */
export async function groupsOf(db: Db, person_id: string): Promise<(Pick<GroupsTable, 'id' | 'name' | 'purpose'> & { added_at: number })[]> {
  return await db.selectFrom('identity_group_members as m').innerJoin('identity_groups as g', 'g.id', 'm.group_id').select(['g.id', 'g.name', 'g.purpose', 'm.added_at'])
    .where('m.person_id', '=', person_id).orderBy('g.name').execute()
}
