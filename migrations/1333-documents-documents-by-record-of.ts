import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_record_of').on('documents_documents').columns(['record_of', 'id']).execute()
}
