import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_share_openings_by_share').on('documents_share_openings').columns(['share_id', 'id']).execute()
}
