import type { Insertable } from 'kysely'
import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import type { MembersTable } from '../contact-tables.ts'

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

/** Those with something to write, longest waiting first. */
export async function dueMembers(db: Db, limit: number): Promise<MemberRow[]> {
  return await db.selectFrom('identity_members').selectAll().where('due_at', 'is not', null).orderBy('due_at').orderBy('userid_key').limit(limit).execute()
}

/** What is written of a number's member, from the roster; the phone still sealed. */
export async function rosterFacts(db: Db, numbers: readonly string[]) {
  const found = await Promise.all(chunksOf(numbers).map(chunk => db.selectFrom('identity_numbers as n')
    .innerJoin('identity_people as p', 'p.id', 'n.person_id')
    .select(['n.number', 'n.person_id', 'n.kind', 'n.standing', 'n.unit_id', 'n.title', 'n.tutor_id', 'p.name', 'p.email', 'p.phone_sealed'])
    .where('n.number', 'in', chunk).execute()))
  return found.flat()
}

export type RosterFacts = Awaited<ReturnType<typeof rosterFacts>>[number]

/** The members of these people, by person: where there are several, the one followed or seen last. */
export async function useridsOfPeople(db: Db, person_ids: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all(chunksOf(person_ids).map(chunk => db.selectFrom('identity_members as m').innerJoin('identity_numbers as n', 'n.number', 'm.number')
    .select(['n.person_id', 'm.userid']).where('n.person_id', 'in', chunk).where('m.wecom_status', 'in', [1, 2, 4]).orderBy('m.seen_at').execute()))
  return new Map(found.flat().map(({ person_id, userid }) => [person_id, userid]))
}

/** The members of these numbers, by number. */
export async function useridsOfNumbers(db: Db, numbers: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all(chunksOf(numbers).map(chunk => db.selectFrom('identity_members').select(['number', 'userid'])
    .where('number', 'in', chunk).where('wecom_status', 'in', [1, 2, 4]).execute()))
  return new Map(found.flat().flatMap(({ number, userid }) => (number === null ? [] : [[number, userid]])))
}
