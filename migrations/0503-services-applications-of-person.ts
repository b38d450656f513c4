import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_applications_of_person').on('services_applications').columns(['person_id', 'submitted_at', 'id']).execute()
}
