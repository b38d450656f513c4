import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_attachments_of_application').on('services_attachments').columns(['application_id']).execute()
}
