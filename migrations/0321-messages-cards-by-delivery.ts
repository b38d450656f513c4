import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('messages_cards_by_delivery').on('messages_cards').columns(['delivery_id']).execute()
}
