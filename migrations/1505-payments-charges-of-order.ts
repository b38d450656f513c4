import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('payments_charges_of_order').on('payments_charges').columns(['order_id', 'id']).execute()
}
