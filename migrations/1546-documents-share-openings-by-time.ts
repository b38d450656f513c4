import type { Kysely } from 'kysely'

// What was opened on a day.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_share_openings_by_time').on('documents_share_openings').columns(['at']).execute()
}
