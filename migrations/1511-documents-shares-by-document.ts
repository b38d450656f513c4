import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_shares_by_document').on('documents_shares').columns(['document_id', 'id']).execute()
}
