import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('messages_deliveries_waiting').on('messages_deliveries').columns(['person_id', 'status']).execute()
}
