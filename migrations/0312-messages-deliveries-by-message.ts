import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('messages_deliveries_by_message').on('messages_deliveries').columns(['message_id', 'id']).execute()
}
