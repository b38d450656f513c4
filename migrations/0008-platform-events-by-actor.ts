import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('events_by_actor').on('events').columns(['actor_number', 'id']).execute()
}
