import type { Kysely } from 'kysely'

// Nobody gets two of one batch, however often they were pasted.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_batch_items_once').unique().on('documents_batch_items').columns(['batch_id', 'number']).execute()
}
