import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_reservations_of_application').on('services_reservations').column('application_id').execute()
}
