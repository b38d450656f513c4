import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_applications_by_expiry').on('services_applications').columns(['status', 'forgotten_at', 'expires_at']).execute()
}
