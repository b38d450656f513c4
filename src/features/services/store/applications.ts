import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import { prepared, type Value } from '../../../platform/prepared.ts'
import { AppError } from '../../../platform/errors.ts'
import { ENDED, type Status } from '../rules/application.ts'
import type { Sources } from '../prefill.ts'
import type { Input, Values } from '../rules/form.ts'
import type { ServicesTables } from '../tables.ts'

type Stored = ServicesTables['services_applications']
export type Application = Omit<Stored, 'draft' | 'form' | 'sources'> & { draft: Input | null; form: Values | null; sources: Sources | null }
/** A line of a list. */
export type ApplicationRow = Pick<Stored, 'id' | 'number' | 'service_key' | 'title' | 'person_id' | 'person_number' | 'person_name' | 'status' | 'instance_id' | 'submitted_at' | 'due_at' | 'saved_at' | 'ended_at' | 'expires_at' | 'forgotten_at'>

export const LINE = ['id', 'number', 'service_key', 'title', 'person_id', 'person_number', 'person_name', 'status', 'instance_id', 'submitted_at', 'due_at', 'saved_at', 'ended_at', 'expires_at', 'forgotten_at'] as const

export async function findApplication(db: Db, id: string): Promise<Application | undefined> {
  const row = await db.selectFrom('services_applications').selectAll().where('id', '=', id).executeTakeFirst()
  return row && read(row)
}

/** On which version of its service it stands; undefined where there is no such application. */
export async function versionIdOf(db: Db, id: string): Promise<string | undefined> {
  return (await versionIds(db, { id }))[0]?.version_id
}

const versionIds = prepared((db: Db, value: Value<{ id: string }>) => db.selectFrom('services_applications').select('version_id').where('id', '=', value('id')))

export async function getApplication(db: Db, id: string): Promise<Application> {
  const found = await findApplication(db, id)
  if (!found) throw new AppError('not-found', '没有找到这份申请。可能是链接不完整，或者草稿已经删除')
  return found
}

/** What was sent of this service under this number. */
export async function findSent(db: Db, { service_key, number }: { service_key: string; number: string }): Promise<Application | undefined> {
  const row = await db.selectFrom('services_applications').selectAll().where('number', '=', number).where('service_key', '=', service_key).executeTakeFirst()
  return row && read(row)
}

/** Puts this transaction in line for the row, then reads it: two submissions of one form see each other. */
export async function lockApplication(tx: Tx, id: string): Promise<Application> {
  await tx.updateTable('services_applications').set({ revision: sql`revision` }).where('id', '=', id).execute()
  return getApplication(tx, id)
}

export async function findDraft(db: Db, draft_key: string): Promise<Application | undefined> {
  const row = await db.selectFrom('services_applications').selectAll().where('draft_key', '=', draft_key).executeTakeFirst()
  return row && read(row)
}

export async function insertApplication(tx: Tx, { draft, form, sources, ...row }: Application): Promise<void> {
  await tx.insertInto('services_applications').values({ ...row, draft: json(draft), form: json(form), sources: json(sources) }).execute()
}

export async function keepDraft(tx: Tx, id: string, draft: Input, saved_at: number): Promise<void> {
  await tx.updateTable('services_applications').set({ draft: json(draft), saved_at, expires_at: null, warned_at: null }).where('id', '=', id).execute()
}

/** What an approver filled in, where a step may write. */
export async function amendForm(tx: Tx, id: string, form: Values): Promise<void> {
  await tx.updateTable('services_applications').set({ form: json(form) }).where('id', '=', id).execute()
}

export async function setInstance(tx: Tx, id: string, instance_id: string): Promise<void> {
  await tx.updateTable('services_applications').set({ instance_id }).where('id', '=', id).execute()
}

export async function deleteDraft(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('services_applications').where('id', '=', id).where('status', '=', 'draft').executeTakeFirst()
  return numDeletedRows === 1n
}

export async function insertRevision(tx: Tx, row: Omit<ServicesTables['services_revisions'], 'form'> & { form: Values }): Promise<void> {
  await tx.insertInto('services_revisions').values({ ...row, form: JSON.stringify(row.form) }).execute()
}

export async function formOfRevision(db: Db, application_id: string, revision: number): Promise<Values | null> {
  const row = await db.selectFrom('services_revisions').select('form').where('application_id', '=', application_id).where('revision', '=', revision).executeTakeFirst()
  return row ? JSON.parse(row.form) : null
}

/** What a person began and has not sent, last touched first. */
export async function draftsOf(db: Db, person_id: string): Promise<ApplicationRow[]> {
  return drafts(db, { person_id })
}

const drafts = prepared((db: Db, value: Value<{ person_id: string }>) =>
  db.selectFrom('services_applications').select(LINE).where('person_id', '=', value('person_id')).where('submitted_at', 'is', null)
    .where('saved_at', 'is not', null).orderBy('saved_at', 'desc').limit(20))

const SHORT = ['id', 'number', 'service_key', 'title', 'status', 'submitted_at', 'saved_at'] as const
/** What one line of a list says about an application. */
export type ShortRow = Pick<ApplicationRow, (typeof SHORT)[number]>

/** What a person began and has not sent, last touched first, and the twelve applications sent last: in one query, for the first page. */
export async function latestOf(db: Db, person_id: string): Promise<{ drafts: ShortRow[]; sent: ShortRow[] }> {
  const rows = await latest(db, { person_id })
  const newest = (column: 'saved_at' | 'submitted_at') => (a: ShortRow, b: ShortRow) => (b[column] ?? 0) - (a[column] ?? 0) || (a.id < b.id ? 1 : -1)
  return {
    drafts: rows.filter(row => row.submitted_at === null).toSorted(newest('saved_at')),
    sent: rows.filter(row => row.submitted_at !== null).toSorted(newest('submitted_at')),
  }
}

const latest = prepared((db: Db, value: Value<{ person_id: string }>) => {
  const own = db.selectFrom('services_applications').select(SHORT).where('person_id', '=', value('person_id'))
  const sent = own.where('submitted_at', 'is not', null).orderBy('submitted_at', 'desc').orderBy('id', 'desc').limit(12)
  return db.selectFrom(sent.as('sent')).select(SHORT).unionAll(own.where('submitted_at', 'is', null).where('saved_at', 'is not', null))
})

export type Filters = {
  person_id?: string | undefined
  service_key?: string | undefined
  status?: Status | readonly Status[] | undefined
  /** beginning of the application's number or the applicant's, or part of the service's or the applicant's name */
  q?: string | undefined
  /** of the time it was first sent (epoch ms), `to` left out */
  from?: number | undefined
  to?: number | undefined
  /** what was promised before this instant (epoch ms) and has not ended */
  late_at?: number | undefined
  /** id of the last row of the page before */
  before?: string | undefined
  limit: number
}

/** What has been sent, newest first. */
export async function listApplications(db: Db, { person_id, service_key, status, q, from, to, late_at, before, limit }: Filters): Promise<ApplicationRow[]> {
  const last = before === undefined ? undefined : await db.selectFrom('services_applications').select(['submitted_at', 'id']).where('id', '=', before).executeTakeFirst()
  return db.selectFrom('services_applications').select(LINE).where('submitted_at', 'is not', null)
    .$if(person_id !== undefined, query => query.where('person_id', '=', person_id ?? ''))
    .$if(service_key !== undefined, query => query.where('service_key', '=', service_key ?? ''))
    .$if(status !== undefined, query => query.where('status', 'in', [status ?? []].flat()))
    .$if(q !== undefined, query => query.where(fits(q ?? '')))
    .$if(from !== undefined, query => query.where('submitted_at', '>=', from ?? 0))
    .$if(to !== undefined, query => query.where('submitted_at', '<', to ?? 0))
    .$if(late_at !== undefined, query => query.where('due_at', '<', late_at ?? 0).where('status', '=', 'running'))
    // Spelled out: a row value comparison is not read as a range of the index by MariaDB.
    .$if(last !== undefined, query => query.where('submitted_at', '<=', last?.submitted_at ?? 0)
      .where(where => where.or([where('submitted_at', '<', last?.submitted_at ?? 0), where('id', '<', last?.id ?? '')])))
    .orderBy('submitted_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export function fits(q: string) {
  const text = q.replace(/[!%_]/g, found => `!${found}`)
  return sql<boolean>`(number like ${`${text}%`} escape '!' or person_number like ${`${text}%`} escape '!' or title like ${`%${text}%`} escape '!' or person_name like ${`%${text}%`} escape '!')`
}

/** How many of a person's applications are under way, and how many have ended. */
export async function countSent(db: Db, person_id: string): Promise<{ running: number; done: number }> {
  const rows = await db.selectFrom('services_applications').select(['status', sql<number | string>`count(*)`.as('number')])
    .where('person_id', '=', person_id).where('submitted_at', 'is not', null).groupBy('status').execute()
  const sum = (wanted: (status: Status) => boolean) => rows.filter(row => wanted(row.status)).reduce((total, row) => total + Number(row.number), 0)
  return { running: sum(status => !ENDED.includes(status)), done: sum(status => ENDED.includes(status)) }
}

function read(row: Stored): Application {
  return { ...row, draft: parse(row.draft), form: parse(row.form), sources: parse(row.sources) }
}

function parse(text: string | null) {
  return text === null ? null : JSON.parse(text)
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** What the flow filled into what was accepted. */
export async function setForm(tx: Tx, id: string, form: Values): Promise<void> {
  await tx.updateTable('services_applications').set({ form: JSON.stringify(form) }).where('id', '=', id).execute()
}
