import type { Kysely } from 'kysely'

// What failed or was revoked on a day.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_end').on('documents_documents').columns(['ended_at']).execute()
}
