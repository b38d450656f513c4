import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import { HOLDING } from '../rules/limits.ts'
import type { ServicesTables } from '../tables.ts'
import type { Application } from './applications.ts'

/** What a person sent of these services and holds a place. */
export async function heldBy(db: Db, person_id: string, service_keys: readonly string[]): Promise<Pick<Application, 'service_key' | 'status' | 'submitted_at'>[]> {
  return db.selectFrom('services_applications').select(['service_key', 'status', 'submitted_at']).where('person_id', '=', person_id).where('service_key', 'in', service_keys).where('status', 'in', HOLDING).execute()
}

/** How many places of a service are held by what was sent since then (ms). */
export async function countTaken(db: Db, service_key: string, since: number): Promise<number> {
  const { number } = await db.selectFrom('services_applications').select(sql<number | string>`count(*)`.as('number'))
    .where('service_key', '=', service_key).where('status', 'in', HOLDING).where('submitted_at', '>=', since).executeTakeFirstOrThrow()
  return Number(number)
}

/** Drafts with something in them whose person was not told of this end, oldest first. */
export async function draftsBeforeClosing(db: Db, { service_key, closes, limit }: { service_key: string; closes: string; limit: number }): Promise<Pick<Application, 'id' | 'title' | 'person_id' | 'person_number'>[]> {
  return db.selectFrom('services_applications as draft')
    .leftJoin('services_closing_notes as note', join => join.onRef('note.application_id', '=', 'draft.id').on('note.closes', '=', closes))
    .select(['draft.id', 'draft.title', 'draft.person_id', 'draft.person_number'])
    .where('draft.service_key', '=', service_key).where('draft.status', '=', 'draft').where('draft.saved_at', 'is not', null).where('note.closes', 'is', null)
    .orderBy('draft.id').limit(limit).execute()
}

export async function noteClosing(tx: Tx, row: ServicesTables['services_closing_notes']): Promise<void> {
  await tx.insertInto('services_closing_notes').values(row).execute()
}
