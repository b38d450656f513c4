import type { Kysely } from 'kysely'

// Has this person a paper of this kind that holds?
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_documents_by_owner').on('documents_documents').columns(['person_number', 'kind', 'status']).execute()
}
