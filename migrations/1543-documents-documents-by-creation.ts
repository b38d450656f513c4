import type { Kysely } from 'kysely'

// What was asked for on a day.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_creation').on('documents_documents').columns(['created_at']).execute()
}
