import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_attachments_by_status').on('services_attachments').columns(['status', 'created_at']).execute()
}
