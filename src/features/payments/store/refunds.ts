import type { Db, Tx } from '../../../platform/db.ts'
import type { RefundsTable } from '../tables.ts'

export async function insertRefund(tx: Tx, row: Pick<RefundsTable, 'id' | 'order_id' | 'charge_id' | 'amount' | 'reason' | 'asked_at'>): Promise<void> {
  await tx.insertInto('payments_refunds').values({ ...row, status: 'asked', fault: null, accepted_at: null, done_at: null, billed: null }).execute()
}

export async function findRefund(db: Db, id: string): Promise<RefundsTable | undefined> {
  return await db.selectFrom('payments_refunds').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The last one of a charge is the one that counts. */
export async function refundsOfCharge(db: Db, charge_id: string): Promise<RefundsTable[]> {
  return await db.selectFrom('payments_refunds').selectAll().where('charge_id', '=', charge_id).orderBy('id').execute()
}

export async function refundsOf(db: Db, charge_ids: readonly string[]): Promise<RefundsTable[]> {
  return charge_ids.length === 0 ? [] : await db.selectFrom('payments_refunds').selectAll().where('charge_id', 'in', charge_ids).orderBy('id').execute()
}

export async function noteFault(tx: Tx, id: string, fault: string): Promise<void> {
  await tx.updateTable('payments_refunds').set({ fault }).where('id', '=', id).execute()
}
