import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('payments_orders_by_status').on('payments_orders').columns(['status', 'id']).execute()
}
