import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_archive').on('documents_documents').columns(['status', 'level', 'archived_until']).execute()
}
