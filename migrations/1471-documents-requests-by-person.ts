import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_requests_by_person').on('documents_requests').columns(['person_id', 'id']).execute()
}
