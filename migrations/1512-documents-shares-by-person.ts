import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_shares_by_person').on('documents_shares').columns(['person_id', 'id']).execute()
}
