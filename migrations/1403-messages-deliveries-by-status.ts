import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('messages_deliveries_by_status').on('messages_deliveries').columns(['status', 'id']).execute()
}
