import { sql } from 'kysely'
import { SCHOOL_OFFSET } from '../../../platform/dates.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { Difference } from '../rules.ts'
import type { ChecksTable, DifferencesTable } from '../tables.ts'

const DAY = 86_400_000

export async function checkedDays(db: Db, days: readonly string[]): Promise<Set<string>> {
  return new Set((await db.selectFrom('payments_checks').select('id').where('id', 'in', days).execute()).map(({ id }) => id))
}

/** The same day again is held against its bill again. */
export async function keepCheck(tx: Tx, row: ChecksTable): Promise<void> {
  await tx.deleteFrom('payments_checks').where('id', '=', row.id).execute()
  await tx.insertInto('payments_checks').values(row).execute()
}

export async function listChecks(db: Db, limit: number): Promise<ChecksTable[]> {
  return await db.selectFrom('payments_checks').selectAll().orderBy('id', 'desc').limit(limit).execute()
}

/** The id of the new row; null where the same was found before. */
export async function insertDifference(tx: Tx, { kind, number, ...found }: Difference & { date: string; found_at: number }): Promise<string | null> {
  const known = await tx.selectFrom('payments_differences').select('id').where('kind', '=', kind).where('number', '=', number).executeTakeFirst()
  if (known) return null
  const id = newId()
  await tx.insertInto('payments_differences').values({ id, kind, number, ...found, settled_at: null, settled_by: null, note: null }).execute()
  return id
}

/** What nobody has looked into first, then the newest. */
export async function listDifferences(db: Db, limit: number): Promise<DifferencesTable[]> {
  return await db.selectFrom('payments_differences').selectAll().orderBy(sql`case when settled_at is null then 0 else 1 end`).orderBy('id', 'desc').limit(limit).execute()
}

export async function countOpenDifferences(db: Db): Promise<number> {
  const row = await db.selectFrom('payments_differences').select(sql<number | string>`count(*)`.as('count')).where('settled_at', 'is', null).executeTakeFirst()
  return Number(row?.count ?? 0)
}

export async function getDifference(db: Db, id: string): Promise<DifferencesTable> {
  const row = await db.selectFrom('payments_differences').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这条差异')
  return row
}

/** false where somebody was faster. */
export async function settleDifference(tx: Tx, id: string, row: { settled_at: number; settled_by: string; note: string }): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('payments_differences').set(row).where('id', '=', id).where('settled_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Differences about no order of the hall, found before; those about one go with it. Returns how many. */
export async function forgetDifferences(tx: Tx, before: number, limit: number): Promise<number> {
  const old = await tx.selectFrom('payments_differences').select('id').where('order_id', 'is', null).where('found_at', '<', before).where('settled_at', 'is not', null).orderBy('id').limit(limit).execute()
  if (old.length > 0) await tx.deleteFrom('payments_differences').where('id', 'in', old.map(({ id }) => id)).execute()
  return old.length
}

export async function chargesNamed(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>()
  const rows = await db.selectFrom('payments_charges as charge').innerJoin('payments_orders as order', 'order.id', 'charge.order_id')
    .select(['charge.id', 'charge.order_id', 'charge.status', 'order.amount']).where('charge.id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, row]))
}

export async function refundsNamed(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>()
  const rows = await db.selectFrom('payments_refunds').select(['id', 'order_id', 'amount']).where('id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, row]))
}

export async function markBilled(tx: Tx, table: 'payments_charges' | 'payments_refunds', ids: readonly string[], date: string): Promise<void> {
  if (ids.length > 0) await tx.updateTable(table).set({ billed: date }).where('id', 'in', ids).execute()
}

/** Paid, or accepted for refund, in this time and in no bill. */
export async function unbilled(db: Db, from: number, until: number): Promise<{ number: string; order_id: string; amount: number }[]> {
  const charges = await db.selectFrom('payments_charges as charge').innerJoin('payments_orders as order', 'order.id', 'charge.order_id')
    .select(['charge.id as number', 'charge.order_id', 'order.amount']).where('charge.status', '=', 'paid').where('charge.billed', 'is', null).where('charge.paid_at', '>=', from).where('charge.paid_at', '<', until).execute()
  const refunds = await db.selectFrom('payments_refunds').select(['id as number', 'order_id', 'amount'])
    .where('status', 'in', ['accepted', 'done']).where('billed', 'is', null).where('accepted_at', '>=', from).where('accepted_at', '<', until).execute()
  return [...charges, ...refunds]
}

export type DayFigures = { day: number; count: number; sum: number }

/** Per day of the school, as epoch ms of its beginning (shifted by the school's offset). */
export async function paidPerDay(db: Db, since: number): Promise<DayFigures[]> {
  const shifted = sql<number | string>`charge.paid_at + ${sql.lit(SCHOOL_OFFSET)} - (charge.paid_at + ${sql.lit(SCHOOL_OFFSET)}) % ${sql.lit(DAY)}`
  const rows = await db.selectFrom('payments_charges as charge').innerJoin('payments_orders as order', 'order.id', 'charge.order_id')
    .select([shifted.as('day'), sql<number | string>`count(*)`.as('count'), sql<number | string>`sum(${sql.ref('order.amount')})`.as('sum')])
    .where('charge.status', '=', 'paid').where('charge.paid_at', '>=', since).groupBy('day').execute()
  return rows.map(read)
}

export async function refundedPerDay(db: Db, since: number): Promise<DayFigures[]> {
  const shifted = sql<number | string>`done_at + ${sql.lit(SCHOOL_OFFSET)} - (done_at + ${sql.lit(SCHOOL_OFFSET)}) % ${sql.lit(DAY)}`
  const rows = await db.selectFrom('payments_refunds').select([shifted.as('day'), sql<number | string>`count(*)`.as('count'), sql<number | string>`sum(amount)`.as('sum')])
    .where('status', '=', 'done').where('done_at', '>=', since).groupBy('day').execute()
  return rows.map(read)
}

function read({ day, count, sum }: { day: number | string; count: number | string; sum: number | string }): DayFigures {
  return { day: Number(day), count: Number(count), sum: Number(sum) }
}
