import type { Kysely } from 'kysely'

// What was sent on a day.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('messages_deliveries_by_creation').on('messages_deliveries').columns(['created_at']).execute()
}
