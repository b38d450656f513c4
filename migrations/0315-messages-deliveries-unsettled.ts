import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('messages_deliveries_unsettled').on('messages_deliveries').columns(['status', 'started_at']).execute()
}
