import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { prepared, type Value } from '../../../platform/prepared.ts'
import type { SessionsTable } from '../tables.ts'

/** A session with the epoch its number is at now, its holder, and a role of theirs; null where nobody is signed in or the number is no longer theirs. */
export type StoredSession = Awaited<ReturnType<typeof findSession>>[number]

/** A row for each role that the holder has now, one where they have none: every request asks this, so it is one query. */
export const findSession = prepared((db: Db, value: Value<{ id: string; now: number }>) =>
  db.selectFrom('identity_sessions as s')
    .leftJoin('identity_numbers as n', join => join.onRef('n.number', '=', 's.number').onRef('n.person_id', '=', 's.person_id'))
    .leftJoin('identity_people as p', 'p.id', 'n.person_id')
    .leftJoin('identity_units as u', 'u.id', 'n.unit_id')
    .leftJoin('identity_grants as g', join => join.onRef('g.person_id', '=', 'n.person_id').on('g.ended_at', 'is', null).on('g.starts_at', '<=', value('now'))
      .on(on => on.or([on('g.ends_at', 'is', null), on('g.ends_at', '>', value('now'))])))
    .select(['s.data', 's.number', 's.epoch', 's.created_at', 's.seen_at', 's.expires_at', 's.ended_at', 'n.session_epoch', 'n.kind', 'n.standing',
      'p.name', 'u.name as unit_name', 'g.role', 'g.scope_kind']).where('s.id', '=', value('id')))

type Content = Pick<SessionsTable, 'data' | 'person_id' | 'number' | 'epoch' | 'way' | 'device' | 'place' | 'campus_handle' | 'campus_subject' | 'seen_at' | 'expires_at'>

/** 'gone' where the session has ended meanwhile, 'new' where there is none yet. */
export async function updateSession(db: Db, id: string, content: Content): Promise<'kept' | 'gone' | 'new'> {
  const { numUpdatedRows } = await db.updateTable('identity_sessions').set(content).where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()
  if (numUpdatedRows === 1n) return 'kept'
  const row = await db.selectFrom('identity_sessions').select('id').where('id', '=', id).executeTakeFirst()
  return row ? 'gone' : 'new'
}

export async function insertSession(db: Db, session: SessionsTable): Promise<void> {
  await db.insertInto('identity_sessions').values(session).execute()
}

export async function touchSession(db: Db, id: string, seen_at: number, expires_at: number): Promise<void> {
  await db.updateTable('identity_sessions').set({ seen_at, expires_at }).where('id', '=', id).where('ended_at', 'is', null).execute()
}

export async function endSession(db: Db, id: string, now: number): Promise<void> {
  await db.updateTable('identity_sessions').set({ ended_at: now, data: '{}' }).where('id', '=', id).where('ended_at', 'is', null).execute()
}

/** Sessions that a person could be riding on right now, the last used first. */
export async function listSessions(db: Db, person_id: string, now: number) {
  return await db.selectFrom('identity_sessions as s').innerJoin('identity_numbers as n', 'n.number', 's.number')
    .select(['s.id', 's.number', 's.way', 's.device', 's.place', 's.created_at', 's.seen_at']).where('s.person_id', '=', person_id)
    .where('s.ended_at', 'is', null).where('s.expires_at', '>', now).whereRef('s.epoch', '=', 'n.session_epoch').orderBy('s.seen_at', 'desc').orderBy('s.id').execute()
}

/** False where it is not this person's or has ended. */
export async function endSessionOf(tx: Tx, person_id: string, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_sessions').set({ ended_at: tx.bus.clock.now(), data: '{}' })
    .where('id', '=', id).where('person_id', '=', person_id).where('ended_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function pruneSessions(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('identity_sessions').where('expires_at', '<', before).execute()
  await tx.deleteFrom('identity_endings').where('at', '<', before).execute()
}

export type Ending = {
  /** one sign-in, as the school calls it */
  handle: string | null
  /** without a handle: every sign-in of this account */
  subject: string | null
}

/** Sessions that go on, of the sign-in or the account that the school names. */
export async function sessionsAtSchool(db: Db, { handle, subject }: Ending) {
  const open = db.selectFrom('identity_sessions').select(['id', 'person_id', 'number']).where('ended_at', 'is', null)
  return await (handle !== null ? open.where('campus_handle', '=', handle) : open.where('campus_subject', '=', subject)).execute()
}

/** False where the same word of the school's was heard before. */
export async function hearEnding(tx: Tx, id: string): Promise<boolean> {
  try {
    await tx.insertInto('identity_endings').values({ id, at: tx.bus.clock.now() }).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}
