import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_kind').on('documents_documents').columns(['kind', 'id']).execute()
}
