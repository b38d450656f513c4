import { type Insertable, sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { ChargesTable, OrdersTable, OrderStatus, Way } from '../tables.ts'

export async function insertOrder(tx: Tx, row: Insertable<OrdersTable>): Promise<void> {
  await tx.insertInto('payments_orders').values(row).execute()
}

export async function findOrder(db: Db, id: string): Promise<OrdersTable | undefined> {
  return await db.selectFrom('payments_orders').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function getOrder(db: Db, id: string): Promise<OrdersTable> {
  const row = await findOrder(db, id)
  if (!row) throw new AppError('not-found', '没有找到这个订单')
  return row
}

/** Whoever decides about an order comes through here first: two of them stand in line. */
export async function lockOrder(tx: Tx, id: string): Promise<OrdersTable> {
  await tx.updateTable('payments_orders').set(eb => ({ version: eb('version', '+', 1) })).where('id', '=', id).execute()
  return await getOrder(tx, id)
}

export async function openOrderOf(tx: Tx, subject: string): Promise<OrdersTable | undefined> {
  return await tx.selectFrom('payments_orders').selectAll().where('subject', '=', subject).where('status', 'in', ['created', 'paying']).orderBy('id', 'desc').executeTakeFirst()
}

/** It ends now: what is not paid by the time it is looked at is closed. */
export async function endNow(tx: Tx, id: string, now: number): Promise<void> {
  await tx.updateTable('payments_orders').set({ expires_at: now }).where('id', '=', id).execute()
}

export type Filter = { status?: OrderStatus | undefined; person_id?: string | undefined; words?: string | undefined; before?: string | undefined; limit: number }

/** Newest first. `words`: the number of an order or of a charge, or the beginning of a title. */
export async function listOrders(db: Db, { status, person_id, words = '', before, limit }: Filter): Promise<OrdersTable[]> {
  return await db.selectFrom('payments_orders').selectAll()
    .$if(status !== undefined, query => query.where('status', '=', status ?? 'paid'))
    .$if(person_id !== undefined, query => query.where('person_id', '=', person_id ?? ''))
    .$if(words !== '', query => query.where(where => where.or([
      where('id', '=', words), where('title', 'like', `${words.replace(/[%_\\]/g, '')}%`), where('id', 'in', db.selectFrom('payments_charges').select('order_id').where('id', '=', words)),
    ])))
    .$if(before !== undefined, query => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc').limit(limit).execute()
}

export async function countByStatus(db: Db): Promise<Map<OrderStatus, number>> {
  const rows = await db.selectFrom('payments_orders').select(['status', sql<number | string>`count(*)`.as('count')]).groupBy('status').execute()
  return new Map(rows.map(({ status, count }) => [status, Number(count)]))
}

export async function insertCharge(tx: Tx, row: { id: string; order_id: string; way: Way; opened_at: number }): Promise<void> {
  await tx.insertInto('payments_charges').values({ ...row, status: 'open', token: null, token_at: null, fault: null, transaction_id: null, paid_at: null, billed: null }).execute()
}

export async function findCharge(db: Db, id: string): Promise<ChargesTable | undefined> {
  return await db.selectFrom('payments_charges').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function chargesOf(db: Db, order_id: string): Promise<ChargesTable[]> {
  return await db.selectFrom('payments_charges').selectAll().where('order_id', '=', order_id).orderBy('id').execute()
}

export async function keepToken(tx: Tx, id: string, token: string | null, token_at: number | null): Promise<void> {
  await tx.updateTable('payments_charges').set({ token, token_at }).where('id', '=', id).execute()
}

/** Orders that were opened before, a handful at a time, with all that hangs on them. Returns how many. */
export async function forgetOrders(tx: Tx, before: number, limit: number): Promise<number> {
  // Ids tell nothing of the school's clock: the time is asked for itself, over the oldest ids.
  const old = await tx.selectFrom('payments_orders').select('id').where('opened_at', '<', before).where('status', 'in', ['paid', 'closed', 'refunded']).orderBy('id').limit(limit).execute()
  const ids = old.map(({ id }) => id)
  if (ids.length === 0) return 0
  await tx.deleteFrom('payments_refunds').where('order_id', 'in', ids).execute()
  await tx.deleteFrom('payments_charges').where('order_id', 'in', ids).execute()
  await tx.deleteFrom('payments_differences').where('order_id', 'in', ids).execute()
  await tx.deleteFrom('payments_orders').where('id', 'in', ids).execute()
  return ids.length
}
