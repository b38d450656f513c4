import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_reservations_of_thing').on('services_reservations').columns(['thing', 'ends']).execute()
}
