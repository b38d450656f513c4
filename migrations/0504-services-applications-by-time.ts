import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_applications_by_time').on('services_applications').columns(['submitted_at', 'id']).execute()
}
