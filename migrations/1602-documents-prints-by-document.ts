import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_prints_by_document').on('documents_prints').columns(['document_id', 'id']).execute()
}
