import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_holds_by_number').on('documents_holds').columns(['number', 'id']).execute()
}
