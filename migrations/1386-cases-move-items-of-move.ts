import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('cases_move_items_of_move').on('cases_move_items').columns(['move_id', 'outcome', 'id']).execute()
}
