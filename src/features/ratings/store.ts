import { type ExpressionBuilder, sql } from 'kysely'
import type { Tables } from '../../tables.ts'
import { type Db, isDuplicate, type Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { FollowUpStatus, FollowUpsTable, RatingsTable } from './tables.ts'

export type Rating = RatingsTable
/** With the rating that it is about. */
export type FollowUp = FollowUpsTable & Pick<Rating, 'application_id' | 'number' | 'title' | 'person_id' | 'person_number' | 'person_name' | 'step' | 'aspects' | 'words' | 'changed_at'>
export type Reach = { everything: boolean; units: readonly string[]; services: readonly string[] }

export async function ratingOf(db: Db, application_id: string): Promise<Rating | undefined> {
  return await db.selectFrom('ratings_ratings').selectAll().where('application_id', '=', application_id).executeTakeFirst()
}

export async function ratingsOf(db: Db, person_id: string, limit: number): Promise<Rating[]> {
  return await db.selectFrom('ratings_ratings').selectAll().where('person_id', '=', person_id).orderBy('id', 'desc').limit(limit).execute()
}

/** False where another one of the same application was there first. */
export async function insertRating(tx: Tx, rating: Rating): Promise<boolean> {
  try {
    await tx.insertInto('ratings_ratings').values(rating).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function updateRating(tx: Tx, id: string, change: Pick<Rating, 'step' | 'aspects' | 'words' | 'changed_at'>): Promise<void> {
  await tx.updateTable('ratings_ratings').set(change).where('id', '=', id).execute()
}

/** Leaves of a rating its step and of its follow-up how it stands. */
export async function emptyRating(tx: Tx, application_id: string): Promise<void> {
  const rating = await ratingOf(tx, application_id)
  if (!rating) return
  await tx.updateTable('ratings_ratings').set({ words: '', person_name: '', person_number: '' }).where('id', '=', rating.id).execute()
  await tx.updateTable('ratings_follow_ups').set({ answer: null, note: null }).where('rating_id', '=', rating.id).execute()
}

/** How often each step was given, by service. */
export async function countsByService(db: Db): Promise<{ service_key: string; step: number; number: number }[]> {
  const rows = await db.selectFrom('ratings_ratings').select(['service_key', 'step', sql<number | string>`count(*)`.as('number')]).groupBy(['service_key', 'step']).execute()
  return rows.map(row => ({ ...row, number: Number(row.number) }))
}

/** The same of one service, from the index alone. */
export async function countsOf(db: Db, service_key: string): Promise<Map<number, number>> {
  const rows = await db.selectFrom('ratings_ratings').select(['step', sql<number | string>`count(*)`.as('number')]).where('service_key', '=', service_key).groupBy('step').execute()
  return new Map(rows.map(row => [row.step, Number(row.number)]))
}

export async function insertFollowUp(tx: Tx, row: FollowUpsTable): Promise<void> {
  await tx.insertInto('ratings_follow_ups').values(row).execute()
}

export async function followUpOfRating(db: Db, rating_id: string): Promise<FollowUpsTable | undefined> {
  return await db.selectFrom('ratings_follow_ups').selectAll().where('rating_id', '=', rating_id).executeTakeFirst()
}

export async function getFollowUp(db: Db, id: string): Promise<FollowUp> {
  const found = await withRating(db).where('follow.id', '=', id).executeTakeFirst()
  if (!found) throw new AppError('not-found', '没有找到这条差评')
  return found
}

/** Over its time, and not said of late: the longest over first. */
export async function forgottenFollowUp(db: Db, now: number, said_before: number): Promise<FollowUp | undefined> {
  return await withRating(db).where('follow.status', '=', 'open').where('follow.due_at', '<', now).where(where => where.or([where('follow.reminded_at', 'is', null), where('follow.reminded_at', '<=', said_before)]))
    .orderBy('follow.due_at').orderBy('follow.id').limit(1).executeTakeFirst()
}

export async function setReminded(tx: Tx, id: string, at: number): Promise<void> {
  await tx.updateTable('ratings_follow_ups').set({ reminded_at: at }).where('id', '=', id).execute()
}

export type FollowUpFilter = { status: FollowUpStatus; late_at?: number | undefined; reach: Reach; /** id of the last row of the page before */ before?: string | undefined; limit: number }

/** What waits with the earliest due first; the rest with the latest first. */
export async function listFollowUps(db: Db, { status, late_at, reach, before, limit }: FollowUpFilter): Promise<FollowUp[]> {
  const last = before === undefined ? undefined : await db.selectFrom('ratings_follow_ups').select(['id', 'due_at']).where('id', '=', before).executeTakeFirst()
  const [direction, further] = status === 'open' ? ['asc', '>'] as const : ['desc', '<'] as const
  return await withRating(db).where('follow.status', '=', status)
    .$if(!reach.everything, query => query.where(where => inReach(where, reach)))
    .$if(late_at !== undefined, query => query.where('follow.due_at', '<', late_at ?? 0))
    .$if(last !== undefined, query => query.where(where => where.or([
      where('follow.due_at', further, last?.due_at ?? 0), where.and([where('follow.due_at', '=', last?.due_at ?? 0), where('follow.id', further, last?.id ?? '')]),
    ])))
    .orderBy('follow.due_at', direction).orderBy('follow.id', direction).limit(limit).execute()
}

/** How many wait, and how many of them are over their time. */
export async function countOpen(db: Db, reach: Reach, now: number): Promise<{ open: number; late: number }> {
  const row = await db.selectFrom('ratings_follow_ups as follow').select([sql<number | string>`count(*)`.as('open'), sql<number | string | null>`sum(case when due_at < ${now} then 1 else 0 end)`.as('late')])
    .where('follow.status', '=', 'open').$if(!reach.everything, query => query.where(where => inReach(where, reach))).executeTakeFirst()
  return { open: Number(row?.open ?? 0), late: Number(row?.late ?? 0) }
}

function inReach(where: ExpressionBuilder<Tables & { follow: FollowUpsTable }, 'follow'>, { units, services }: Reach) {
  // A list of nothing is no SQL.
  return where.or([where('follow.unit_id', 'in', [...units, '']), where('follow.service_key', 'in', [...services, ''])])
}

function withRating(db: Db) {
  return db.selectFrom('ratings_follow_ups as follow').innerJoin('ratings_ratings as rating', 'rating.id', 'follow.rating_id').selectAll('follow')
    .select(['rating.application_id', 'rating.number', 'rating.title', 'rating.person_id', 'rating.person_number', 'rating.person_name', 'rating.step', 'rating.aspects', 'rating.words', 'rating.changed_at'])
}
