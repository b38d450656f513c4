import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_batch_items_by_outcome').on('documents_batch_items').columns(['batch_id', 'outcome', 'id']).execute()
}
