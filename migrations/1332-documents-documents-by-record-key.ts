import type { Kysely } from 'kysely'

// Two who ask for the same record at once get one: the second finds the key taken.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_record_key').unique().on('documents_documents').columns(['record_key']).execute()
}
