import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_by_person').on('documents_documents').columns(['person_id', 'id']).execute()
}
