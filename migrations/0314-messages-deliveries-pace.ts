import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('messages_deliveries_pace').on('messages_deliveries').columns(['channel', 'address', 'started_at']).execute()
}
