import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import { ENDED, type Status } from '../rules/application.ts'
import type { ServicesTables } from '../tables.ts'

type Stored = ServicesTables['services_applications']
export type Undated = Pick<Stored, 'id' | 'status' | 'version_id' | 'created_at' | 'saved_at' | 'ended_at'>
export type Expiring = Pick<Stored, 'id' | 'number' | 'service_key' | 'title' | 'person_id' | 'status' | 'expires_at'>
export type KeptRow = Pick<Stored, 'id' | 'number' | 'title' | 'status' | 'ended_at' | 'expires_at' | 'warned_at' | 'hold_reason'>

/** Nothing more happens to these by itself. */
const RESTING: readonly Status[] = ['draft', ...ENDED]

function resting(db: Db) {
  return db.selectFrom('services_applications').where('status', 'in', RESTING).where('forgotten_at', 'is', null)
}

/** Whose day has not been set, some of them. */
export async function undated(db: Db, limit: number): Promise<Undated[]> {
  return resting(db).select(['id', 'status', 'version_id', 'created_at', 'saved_at', 'ended_at']).where('expires_at', 'is', null).limit(limit).execute()
}

/** Sets the day, unless something has happened since it was read. */
export async function setExpiry(tx: Tx, { id, status, saved_at, ended_at }: Undated, expires_at: number): Promise<void> {
  await tx.updateTable('services_applications').set({ expires_at }).where('id', '=', id).where('status', '=', status).where('expires_at', 'is', null)
    .where('saved_at', saved_at === null ? 'is' : '=', saved_at).where('ended_at', ended_at === null ? 'is' : '=', ended_at).execute()
}

/** Somebody of whose things a day is near and who has not been told of it. */
export async function someoneToWarn(db: Db, before: number): Promise<string | undefined> {
  return (await unwarned(db, before).select('person_id').limit(1).executeTakeFirst())?.person_id
}

/** All of theirs of which that is so. */
export async function toWarn(db: Db, person_id: string, before: number): Promise<Expiring[]> {
  return unwarned(db, before).select(['id', 'number', 'service_key', 'title', 'person_id', 'status', 'expires_at']).where('person_id', '=', person_id).orderBy('expires_at').orderBy('id').execute()
}

/** Of a form that was opened and never typed into nobody is told. */
function unwarned(db: Db, before: number) {
  return resting(db).where('expires_at', '<=', before).where('warned_at', 'is', null).where('hold_reason', 'is', null)
    .where(({ or, eb }) => or([eb('status', '<>', 'draft'), eb('saved_at', 'is not', null)]))
}

/** False where it was typed into, held back or told of meanwhile. */
export async function markWarned(tx: Tx, { id, expires_at }: Pick<Expiring, 'id' | 'expires_at'>, { warned_at, until }: { warned_at: number; until: number }): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('services_applications').set({ warned_at, expires_at: Math.max(expires_at ?? 0, until) })
    .where('id', '=', id).where('expires_at', '=', expires_at).where('warned_at', 'is', null).where('hold_reason', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Ids of what is over its day at `now`, some of them. */
export async function overdue(db: Db, now: number, limit: number): Promise<string[]> {
  const rows = await resting(db).select('id').where('expires_at', '<=', now).where('hold_reason', 'is', null)
    .where(({ or, and, eb }) => or([eb('warned_at', 'is not', null), and([eb('status', '=', 'draft'), eb('saved_at', 'is', null)])])).limit(limit).execute()
  return rows.map(row => row.id)
}

/** What has ended and will be deleted, soonest first; or what is held back. `after`: the last row of the page before. */
export async function listKept(db: Db, { held, after, limit }: { held: boolean; after?: { at: number; id: string } | undefined; limit: number }): Promise<KeptRow[]> {
  return db.selectFrom('services_applications').select(['id', 'number', 'title', 'status', 'ended_at', 'expires_at', 'warned_at', 'hold_reason'])
    .where('status', 'in', ENDED).where('forgotten_at', 'is', null).where('expires_at', 'is not', null).where('hold_reason', held ? 'is not' : 'is', null)
    .$if(after !== undefined, query => query.where('expires_at', '>=', after?.at ?? 0).where(({ or, eb }) => or([eb('expires_at', '>', after?.at ?? 0), eb('id', '>', after?.id ?? '')])))
    .orderBy('expires_at').orderBy('id').limit(limit).execute()
}

/** Takes it out of the way of the deletion (`reason`), or puts it back (null): its person is then told anew. False where it is so already, or deleted. */
export async function setHold(tx: Tx, id: string, reason: string | null): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('services_applications').set({ hold_reason: reason, ...(reason === null && { warned_at: null }) })
    .where('id', '=', id).where('status', 'in', ENDED).where('forgotten_at', 'is', null).where('hold_reason', reason === null ? 'is not' : 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Takes out of the row all but its number, service, times and outcome, and whose line it is. */
export async function emptyRow(tx: Tx, id: string, forgotten_at: number): Promise<void> {
  await tx.updateTable('services_applications').set({ draft: null, form: null, sources: null, instance_id: null, person_name: '', person_number: '', forgotten_at }).where('id', '=', id).execute()
}

type Part = 'services_revisions' | 'services_attachments' | 'services_secrets' | 'services_corrections' | 'services_reservations' | 'services_closing_notes'

/** Deletes what hangs on an application; how many rows of each kind. */
export async function deleteParts(tx: Tx, application_id: string): Promise<Record<'revisions' | 'attachments' | 'secrets' | 'corrections' | 'reservations', number>> {
  const gone = async (table: Part) => Number((await tx.deleteFrom(table).where('application_id', '=', application_id).executeTakeFirst()).numDeletedRows)
  await gone('services_closing_notes')
  // That somebody was let through stays; why was about the person.
  await tx.updateTable('services_passes').set({ reason: '' }).where('application_id', '=', application_id).execute()
  return {
    revisions: await gone('services_revisions'), attachments: await gone('services_attachments'), secrets: await gone('services_secrets'),
    corrections: await gone('services_corrections'), reservations: await gone('services_reservations'),
  }
}

/** Which of these files an attachment has. */
export async function attachedAmong(db: Db, shas: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom('services_attachments').select('sha256').distinct().where('sha256', 'in', shas).execute()
  return rows.map(row => row.sha256)
}

/** Puts this transaction in line for the row; undefined where there is none any more. */
export async function lockRow(tx: Tx, id: string): Promise<Pick<Stored, 'id' | 'status' | 'instance_id' | 'expires_at' | 'forgotten_at' | 'hold_reason' | 'warned_at' | 'saved_at'> | undefined> {
  await tx.updateTable('services_applications').set({ revision: sql`revision` }).where('id', '=', id).execute()
  return tx.selectFrom('services_applications').select(['id', 'status', 'instance_id', 'expires_at', 'forgotten_at', 'hold_reason', 'warned_at', 'saved_at']).where('id', '=', id).executeTakeFirst()
}
