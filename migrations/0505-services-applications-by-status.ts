import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_applications_by_status').on('services_applications').columns(['status', 'submitted_at', 'id']).execute()
}
