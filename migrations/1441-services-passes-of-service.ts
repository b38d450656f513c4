import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_passes_of_service').on('services_passes').columns(['service_key', 'id']).execute()
}
