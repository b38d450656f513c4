import type { Kysely } from 'kysely'

// What was verified on a day.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_verifications_by_time').on('documents_verifications').columns(['at']).execute()
}
