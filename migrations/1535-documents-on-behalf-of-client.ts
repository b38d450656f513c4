import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_on_behalf_of_client').on('documents_on_behalf').columns(['client_id', 'document_id']).execute()
}
