import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { RequestRow, RequestsTable } from './tables.ts'

function read(row: RequestsTable): RequestRow {
  return { ...row, share: row.share === null ? null : JSON.parse(row.share) }
}

export async function getRequest(db: Db, id: string): Promise<RequestRow> {
  const found = await findRequest(db, id)
  if (!found) throw new AppError('not-found', '没有找到这次申请。可能是链接不完整')
  return found
}

async function findBy(db: Db, column: 'id' | 'open_key' | 'document_id', value: string): Promise<RequestRow | undefined> {
  const row = await db.selectFrom('documents_requests').selectAll().where(column, '=', value).executeTakeFirst()
  return row && read(row)
}

export const findRequest = (db: Db, id: string) => findBy(db, 'id', id)
export const findOpen = (db: Db, number: string, kind: string) => findBy(db, 'open_key', openKey(number, kind))
export const findOfDocument = (db: Db, document_id: string) => findBy(db, 'document_id', document_id)

function openKey(number: string, kind: string): string {
  return `${number}:${kind}`
}

/** A new request, or the one that another click began this moment. */
export async function insertRequest(tx: Tx, { person_id, person_number, kind }: Pick<RequestRow, 'person_id' | 'person_number' | 'kind'>): Promise<string> {
  const id = newId()
  try {
    await tx.insertInto('documents_requests').values({
      id, person_id, person_number, kind, status: 'chosen', open_key: openKey(person_number, kind), price: 0, mail_to: null, recipient: null, share: null,
      document_id: null, order_id: null, created_at: tx.bus.clock.now(), confirmed_at: null, ended_at: null,
    }).execute()
    return id
  } catch (error) {
    if (!isDuplicate(error)) throw error
    throw new AppError('conflict', '这份文件刚刚已经开始办理', { code: 'request-open' })
  }
}

/** Of a person, without a document, newest first: not ended yet, or paid for since then and not made. */
export async function unfinishedRequestsOf(db: Db, person_id: string, since: number): Promise<RequestRow[]> {
  const rows = await db.selectFrom('documents_requests').selectAll().where('person_id', '=', person_id)
    .where(({ or, and, eb }) => or([eb('status', 'in', ['chosen', 'awaiting-payment']), and([eb('status', '=', 'impossible'), eb('document_id', 'is', null), eb('confirmed_at', '>=', since)])]))
    .orderBy('id', 'desc').limit(20).execute()
  return rows.map(read)
}

/** How many of a kind were free since then, by kind. */
export async function freeSince(db: Db, person_number: string, since: number): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('documents_requests').select(['kind']).where('person_number', '=', person_number)
    .where('price', '=', 0).where('status', 'in', ['issuing', 'done']).where('confirmed_at', '>=', since).execute()
  return new Map([...Map.groupBy(rows, row => row.kind)].map(([kind, members]) => [kind, members.length]))
}

/** Ids of those that were only chosen, before then. */
export async function forsaken(db: Db, before: number, limit: number): Promise<string[]> {
  const rows = await db.selectFrom('documents_requests').select('id').where('status', '=', 'chosen').where('created_at', '<', before).orderBy('created_at').limit(limit).execute()
  return rows.map(row => row.id)
}

export async function requestsOfPerson(db: Db, person_id: string, limit: number): Promise<RequestRow[]> {
  return (await db.selectFrom('documents_requests').selectAll().where('person_id', '=', person_id).orderBy('id', 'desc').limit(limit).execute()).map(read)
}
