import type { Insertable } from 'kysely'
import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import type { MembersTable } from '../contact-tables.ts'
import { isPresent } from '../rules/member-content.ts'
import type { Standing } from '../tables.ts'

export type MemberRow = MembersTable

/** How many values stand in one `in (…)`. */
export const CHUNK = 500

export function chunksOf<T>(all: readonly T[], size = CHUNK): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))
}

export async function findMember(db: Db, by: { key: string } | { number: string }): Promise<MemberRow | undefined> {
  const query = db.selectFrom('identity_members').selectAll()
  return await ('key' in by ? query.where('userid_key', '=', by.key) : query.where('number', '=', by.number)).executeTakeFirst()
}

export async function membersByKeys(db: Db, keys: readonly string[]): Promise<MemberRow[]> {
  const found = await Promise.all(chunksOf(keys).map(chunk => db.selectFrom('identity_members').selectAll().where('userid_key', 'in', chunk).execute()))
  return found.flat()
}

/** The member of an event: by its userid, or by the one it had before it was renamed. */
export async function memberNamed(db: Db, key: string): Promise<MemberRow | undefined> {
  return await findMember(db, { key }) ?? await db.selectFrom('identity_members').selectAll().where('former_key', '=', key).executeTakeFirst()
}

export type NewMemberRow = Pick<MembersTable, 'userid' | 'number'> & Partial<Omit<MembersTable, 'userid_key' | 'created_at' | 'updated_at'>>

const EMPTY = {
  wish: null, mobile_sealed: null, due_at: null, sent_at: null, pushed_at: null, content: null, problem: null, problem_at: null, wecom_status: null,
  seen_at: null, followed_at: null, heard_at: 0, heard_id: '', former_key: null,
}

/** Adds members; the caller has looked that none of them is there. */
export async function insertMembers(tx: Tx, rows: readonly NewMemberRow[]): Promise<void> {
  const now = tx.bus.clock.now()
  const full = rows.map((row): Insertable<MembersTable> => ({ ...EMPTY, ...row, userid_key: row.userid.toLowerCase(), created_at: now, updated_at: now }))
  for (const chunk of chunksOf(full)) await tx.insertInto('identity_members').values(chunk).execute()
}

/** Adds a member unless somebody did so at the same moment. */
export async function ensureMember(tx: Tx, row: NewMemberRow): Promise<void> {
  try {
    await insertMembers(tx, [row])
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

export async function updateMember(tx: Tx, key: string, change: Partial<MembersTable>): Promise<void> {
  await tx.updateTable('identity_members').set({ ...change, updated_at: tx.bus.clock.now() }).where('userid_key', '=', key).execute()
}

export async function updateMembers(tx: Tx, keys: readonly string[], change: Partial<MembersTable>): Promise<void> {
  const updated_at = tx.bus.clock.now()
  for (const chunk of chunksOf(keys)) await tx.updateTable('identity_members').set({ ...change, updated_at }).where('userid_key', 'in', chunk).execute()
}

/** Those with something to write, longest waiting first. */
export async function dueMembers(db: Db, now: number, limit: number): Promise<MemberRow[]> {
  return await db.selectFrom('identity_members').selectAll().where('due_at', '<=', now).orderBy('due_at').orderBy('userid_key').limit(limit).execute()
}

/** What is written of a number's member, from the roster; the phone still sealed. */
export async function rosterFacts(db: Db, numbers: readonly string[]) {
  const found = await Promise.all(chunksOf(numbers).map(chunk => db.selectFrom('identity_numbers as n')
    .innerJoin('identity_people as p', 'p.id', 'n.person_id')
    .select(['n.number', 'n.person_id', 'n.kind', 'n.standing', 'n.unit_id', 'n.title', 'n.leader_number', 'n.tutor_id', 'p.name', 'p.email', 'p.phone_sealed'])
    .where('n.number', 'in', chunk).execute()))
  return found.flat()
}

export type RosterFacts = Awaited<ReturnType<typeof rosterFacts>>[number]

export type Leader = { userid: string; /** is a member: only such can be named as somebody's superior */ there: boolean }

/** The userids of these people, by person, under their leading number: as seen, as bound, or as it will be. */
export async function leadersByPerson(db: Db, person_ids: readonly string[]): Promise<Map<string, Leader>> {
  const found = await Promise.all(chunksOf(person_ids).map(chunk => db.selectFrom('identity_people as p')
    .leftJoin('identity_members as m', 'm.number', 'p.number').leftJoin('identity_bindings as b', 'b.current_number', 'p.number')
    .select(['p.id as key', 'p.number', 'm.userid as member', 'm.wecom_status', 'b.userid as bound']).where('p.id', 'in', chunk).execute()))
  return leadersOf(found.flat())
}

/** The same of these numbers, by number. */
export async function leadersByNumber(db: Db, numbers: readonly string[]): Promise<Map<string, Leader>> {
  const found = await Promise.all(chunksOf(numbers).map(chunk => db.selectFrom('identity_numbers as n')
    .leftJoin('identity_members as m', 'm.number', 'n.number').leftJoin('identity_bindings as b', 'b.current_number', 'n.number')
    .select(['n.number as key', 'n.number', 'm.userid as member', 'm.wecom_status', 'b.userid as bound']).where('n.number', 'in', chunk).execute()))
  return leadersOf(found.flat())
}

function leadersOf(rows: readonly { key: string; number: string; member: string | null; wecom_status: number | null; bound: string | null }[]): Map<string, Leader> {
  return new Map(rows.map(({ key, number, member, wecom_status, bound }) => [key, { userid: member ?? bound ?? number, there: isPresent(wecom_status) }]))
}

/** Members that were there and were not seen since `before` (epoch ms), in the order of their keys. */
export async function unseenMembers(db: Db, { before, after, limit }: { before: number; after: string; limit: number }): Promise<MemberRow[]> {
  return await db.selectFrom('identity_members').selectAll().where('userid_key', '>', after).where('wecom_status', 'in', [1, 2, 4]).where('seen_at', '<', before)
    .orderBy('userid_key').limit(limit).execute()
}

export async function deleteMembers(tx: Tx, keys: readonly string[]): Promise<void> {
  for (const chunk of chunksOf(keys)) await tx.deleteFrom('identity_members').where('userid_key', 'in', chunk).execute()
}

/** The next numbers in order, of these standings or all, with the member of each. */
export async function numbersInOrder(db: Db, { after, limit, standings }: { after: string; limit: number; standings?: readonly Standing[] }) {
  return await db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id').leftJoin('identity_members as m', 'm.number', 'n.number')
    .select(['n.number', 'n.standing', 'p.name', 'm.userid_key', 'm.wecom_status'])
    .where('n.number', '>', after).$if(standings !== undefined, query => query.where('n.standing', 'in', standings ?? [])).orderBy('n.number').limit(limit).execute()
}

/** How many members there are of each status; `nobody` of them are nobody here. */
export async function countMembers(db: Db): Promise<{ status: number; count: number; nobody: number }[]> {
  const rows = await db.selectFrom('identity_members').select(({ fn }) => ['wecom_status', fn.countAll<number | string>().as('count'), fn.count<number | string>('number').as('somebody')])
    .where('wecom_status', 'is not', null).groupBy('wecom_status').execute()
  return rows.map(row => ({ status: row.wecom_status ?? 0, count: Number(row.count), nobody: Number(row.count) - Number(row.somebody) }))
}

export async function personIdOf(db: Db, number: string): Promise<string | null> {
  return (await db.selectFrom('identity_numbers').select('person_id').where('number', '=', number).executeTakeFirst())?.person_id ?? null
}

/** How many wait to be written. */
export async function countDue(db: Db): Promise<number> {
  const row = await db.selectFrom('identity_members').select(({ fn }) => fn.countAll<number | string>().as('count')).where('due_at', 'is not', null).executeTakeFirst()
  return Number(row?.count ?? 0)
}
