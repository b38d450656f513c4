import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('payments_orders_of_person').on('payments_orders').columns(['person_id', 'id']).execute()
}
