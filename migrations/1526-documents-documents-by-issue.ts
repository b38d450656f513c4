import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_issue').on('documents_documents').columns(['issued_at', 'kind', 'created_at']).execute()
}
