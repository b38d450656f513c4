import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_seal').on('documents_documents').columns(['sealed_by', 'status']).execute()
}
