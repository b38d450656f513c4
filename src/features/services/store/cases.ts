import type { Expression } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import { type Status } from '../rules/application.ts'
import type { Values } from '../rules/form.ts'
import { type ApplicationRow, fits, LINE } from './applications.ts'
import type { VersionRow } from './versions.ts'

/** `among`: queries for the ids of applications, as approvals makes them; all of them must hold. Times are epoch ms, `until` is not in it. */
export type CaseFilters = {
  services?: readonly string[] | undefined
  status?: Status | undefined
  q?: string | undefined
  from?: number | undefined
  until?: number | undefined
  among?: readonly Expression<string>[] | undefined
  /** id of the last row of the page before */
  before?: string | undefined
  limit: number
}

/** What has been sent, newest first. */
export async function findCases(db: Db, { before, limit, ...filters }: CaseFilters): Promise<ApplicationRow[]> {
  const last = before === undefined ? undefined : await db.selectFrom('services_applications').select(['submitted_at', 'id']).where('id', '=', before).executeTakeFirst()
  return matching(db, filters).select(LINE)
    // Spelled out: a row value comparison is not read as a range of the index by MariaDB.
    .$if(last !== undefined, each => each.where('submitted_at', '<=', last?.submitted_at ?? 0)
      .where(where => where.or([where('submitted_at', '<', last?.submitted_at ?? 0), where('id', '<', last?.id ?? '')])))
    .orderBy('submitted_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** How many of them there are; it counts no further than the limit. */
export async function countCases(db: Db, { limit, ...filters }: Omit<CaseFilters, 'before'>): Promise<number> {
  const { number } = await db.selectFrom(matching(db, filters).select('id').limit(limit).as('some')).select(({ fn }) => fn.countAll<number | string>().as('number')).executeTakeFirstOrThrow()
  return Number(number)
}

function matching(db: Db, { services, status, q, from, until, among = [] }: Omit<CaseFilters, 'before' | 'limit'>) {
  let query = db.selectFrom('services_applications').where('submitted_at', 'is not', null)
    .$if(services !== undefined, each => each.where('service_key', 'in', services?.length ? services : ['']))
    .$if(status !== undefined, each => each.where('status', '=', status ?? 'running'))
    .$if(q !== undefined, each => each.where(fits(q ?? '')))
    .$if(from !== undefined, each => each.where('submitted_at', '>=', from ?? 0))
    .$if(until !== undefined, each => each.where('submitted_at', '<', until ?? 0))
  for (const ids of among) query = query.where('id', 'in', ids)
  return query
}

/** What was accepted of each, and with which version; in no order. */
export async function formsOf(db: Db, ids: readonly string[]): Promise<{ id: string; version_id: string; form: Values }[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('services_applications').select(['id', 'version_id', 'form']).where('id', 'in', ids).execute()
  return rows.map(row => ({ ...row, form: row.form === null ? {} : JSON.parse(row.form) }))
}

/** Ids of what is under way on another version of the service than this, oldest first. */
export async function idsToMove(db: Db, service_key: string, version_id: string, limit: number): Promise<string[]> {
  const rows = await db.selectFrom('services_applications').select('id').where('service_key', '=', service_key).where('version_id', '<>', version_id)
    .where('status', 'in', ['running', 'returned']).orderBy('submitted_at').orderBy('id').limit(limit).execute()
  return rows.map(row => row.id)
}

/** Those of these that have been sent, newest first. */
export async function casesByIds(db: Db, ids: readonly string[]): Promise<ApplicationRow[]> {
  if (ids.length === 0) return []
  return db.selectFrom('services_applications').select(LINE).where('id', 'in', ids).where('submitted_at', 'is not', null).orderBy('submitted_at', 'desc').orderBy('id', 'desc').execute()
}

/** The service's versions without what is in them, newest first. */
export async function versionsFor(db: Db, service_key: string): Promise<Pick<VersionRow, 'id' | 'version' | 'published_at'>[]> {
  return db.selectFrom('services_versions').select(['id', 'version', 'published_at']).where('service_key', '=', service_key).orderBy('version', 'desc').execute()
}

export async function setVersion(tx: Tx, id: string, { version_id, title, form }: { version_id: string; title: string; form: Values }): Promise<void> {
  await tx.updateTable('services_applications').set({ version_id, title, form: JSON.stringify(form) }).where('id', '=', id).execute()
}
