import type { Kysely } from 'kysely'

// How many papers each version of a template has given, and from when to when.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_template').on('documents_documents').columns(['template_hash', 'created_at']).execute()
}
