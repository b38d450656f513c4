import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { insertRows } from '../../../platform/prepared.ts'
import type { Channel, Delivery, DeliveryStatus, MessageRow } from '../tables.ts'

export function insertDeliveries(tx: Tx, rows: readonly Delivery[]): Promise<void> {
  return insertRows(tx, 'messages_deliveries', rows)
}

export async function findDelivery(db: Db, id: string): Promise<Delivery | undefined> {
  return await db.selectFrom('messages_deliveries').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function getDelivery(db: Db, id: string): Promise<Delivery> {
  const row = await findDelivery(db, id)
  if (!row) throw new AppError('not-found', '没有找到这条发送记录')
  return row
}

export type ShownDelivery = Omit<Delivery, 'body' | 'media_id' | 'media_at' | 'tries' | 'started_at' | 'msgid'> & { /** of its message */ kind: string }

const shown = (db: Db) => db.selectFrom('messages_deliveries as delivery').innerJoin('messages_messages as message', 'message.id', 'delivery.message_id').select([
  'delivery.id', 'delivery.message_id', 'delivery.person_id', 'delivery.subject', 'delivery.channel', 'delivery.part', 'delivery.address', 'delivery.status', 'delivery.reason',
  'delivery.detail', 'delivery.resent_from', 'delivery.created_at', 'delivery.changed_at', 'delivery.due_at', 'delivery.code', 'message.kind',
])

export async function findShown(db: Db, id: string): Promise<ShownDelivery | undefined> {
  return await shown(db).where('delivery.id', '=', id).executeTakeFirst()
}

export async function listBySubject(db: Db, subject: string): Promise<ShownDelivery[]> {
  return await shown(db).where('delivery.subject', '=', subject).orderBy('delivery.id').execute()
}

/** Of messages of a kind, how the file or mail that carries the thing itself fared; those that were begun in this time. */
export async function listBegunBetween(db: Db, kind: string, { from, until }: { from: number; until: number }): Promise<Pick<Delivery, 'subject' | 'channel' | 'status'>[]> {
  return await db.selectFrom('messages_deliveries as delivery').innerJoin('messages_messages as message', 'message.id', 'delivery.message_id').select(['delivery.subject', 'delivery.channel', 'delivery.status'])
    .where('delivery.created_at', '>=', from).where('delivery.created_at', '<', until).where('delivery.part', 'in', ['file', 'mail']).where('message.kind', '=', kind).execute()
}

export async function listByMessages(db: Db, message_ids: readonly string[]): Promise<ShownDelivery[]> {
  if (message_ids.length === 0) return []
  return await shown(db).where('delivery.message_id', 'in', message_ids).orderBy('delivery.id').execute()
}

export async function listWaiting(db: Db, person_id: string): Promise<Pick<Delivery, 'id' | 'message_id'>[]> {
  return await db.selectFrom('messages_deliveries').select(['id', 'message_id'])
    .where('person_id', '=', person_id).where('status', '=', 'waiting').orderBy('id').execute()
}

export type Held = Pick<Delivery, 'id'> & Pick<MessageRow, 'title' | 'url' | 'files'>

/** What is held for a person and due by now, oldest first. */
export async function listHeld(db: Db, person_id: string, now: number): Promise<Held[]> {
  return await db.selectFrom('messages_deliveries as delivery').innerJoin('messages_messages as message', 'message.id', 'delivery.message_id')
    .select(['delivery.id', 'message.title', 'message.url', 'message.files'])
    .where('delivery.person_id', '=', person_id).where('delivery.status', '=', 'held').where('delivery.due_at', '<=', now).orderBy('delivery.id').execute()
}

/** Whatever is held for a person is due at another time; false where nothing is. */
export async function postpone(tx: Tx, person_id: string, due_at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('messages_deliveries').set({ due_at }).where('person_id', '=', person_id).where('status', '=', 'held').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** How much is held for a person, and when the first of it goes out. */
export async function heldFor(db: Db, person_id: string): Promise<{ count: number; due_at: number | null }> {
  const rows = await db.selectFrom('messages_deliveries').select('due_at').where('person_id', '=', person_id).where('status', '=', 'held').orderBy('due_at').execute()
  return { count: rows.length, due_at: rows[0]?.due_at ?? null }
}

export type Open = Pick<Delivery, 'id' | 'person_id' | 'part' | 'status' | 'reason' | 'created_at' | 'due_at'>

/** What has not arrived in this way, newest first; `before`: id of the last row seen. */
export async function listByStatus(db: Db, status: DeliveryStatus, { before, limit }: { before?: string | undefined; limit: number }): Promise<Open[]> {
  let query = db.selectFrom('messages_deliveries').select(['id', 'person_id', 'part', 'status', 'reason', 'created_at', 'due_at']).where('status', '=', status).orderBy('id', 'desc').limit(limit)
  if (before !== undefined) query = query.where('id', '<', before)
  return await query.execute()
}

/** How many are there, counted up to `most`. */
export async function countByStatus(db: Db, status: DeliveryStatus, most: number): Promise<number> {
  return (await db.selectFrom('messages_deliveries').select('id').where('status', '=', status).limit(most).execute()).length
}

/** The part of the same message that goes out after this one. */
export async function findNextQueued(db: Db, { message_id, id }: Pick<Delivery, 'message_id' | 'id'>): Promise<string | undefined> {
  const row = await db.selectFrom('messages_deliveries').select('id').where('message_id', '=', message_id).where('id', '>', id)
    .where('status', '=', 'queued').where('resent_from', 'is', null).orderBy('id').executeTakeFirst()
  return row?.id
}

/** When the n-th last message to a member began, if that was after `since`. */
export async function nthLastStart(db: Db, address: string, n: number, since: number): Promise<number | null> {
  const row = await db.selectFrom('messages_deliveries').select('started_at')
    .where('channel', '=', 'wecom').where('address', '=', address).where('started_at', '>', since)
    .orderBy('started_at', 'desc').limit(1).offset(n - 1).executeTakeFirst()
  return row?.started_at ?? null
}

/** Puts those who send to the same member in line: until its transaction ends, only one holds the member's row. */
export async function lockPace(tx: Tx, userid: string, at: number): Promise<void> {
  const { numUpdatedRows } = await tx.updateTable('messages_pace').set({ at }).where('userid', '=', userid).executeTakeFirst()
  if (numUpdatedRows === 1n) return
  try {
    await tx.insertInto('messages_pace').values({ userid, at }).execute()
  } catch (error) {
    if (!isDuplicate(error)) throw error
    await lockPace(tx, userid, at) // another one was first, and has committed by now
  }
}

export async function setMedia(tx: Tx, id: string, media_id: string, media_at: number): Promise<void> {
  await tx.updateTable('messages_deliveries').set({ media_id, media_at }).where('id', '=', id).execute()
}

/** Notes that the body may reach the other side once more; false where it is not being sent any more. */
export async function addTry(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('messages_deliveries').set(row => ({ tries: row('tries', '+', 1) }))
    .where('id', '=', id).where('status', '=', 'sending').executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Deliveries that have been going out for too long. */
export async function listForsaken(db: Db, channel: Channel, before: number): Promise<string[]> {
  const rows = await db.selectFrom('messages_deliveries').select('id').where('status', '=', 'sending').where('started_at', '<', before)
    .where('channel', '=', channel).orderBy('started_at').limit(200).execute()
  return rows.map(row => row.id)
}

export async function setDue(tx: Tx, id: string, due_at: number): Promise<void> {
  await tx.updateTable('messages_deliveries').set({ due_at }).where('id', '=', id).execute()
}

/** What a server said meanwhile, without a change of the state. */
export async function setReason(tx: Tx, id: string, { reason, detail }: Pick<Delivery, 'reason' | 'detail'>): Promise<void> {
  await tx.updateTable('messages_deliveries').set({ reason, detail }).where('id', '=', id).execute()
}
