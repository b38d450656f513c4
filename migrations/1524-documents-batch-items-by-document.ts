import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_batch_items_by_document').unique().on('documents_batch_items').columns(['document_id']).execute()
}
