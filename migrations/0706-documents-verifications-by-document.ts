import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_verifications_by_document').on('documents_verifications').columns(['document_id', 'id']).execute()
}
