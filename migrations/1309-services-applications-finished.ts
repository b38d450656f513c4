import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_applications_finished').on('services_applications').columns(['service_key', 'status', 'ended_at', 'submitted_at']).execute()
}
