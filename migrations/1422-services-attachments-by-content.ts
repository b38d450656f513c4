import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_attachments_by_content').on('services_attachments').column('sha256').execute()
}
