import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_prints_by_person').on('documents_prints').columns(['person_id', 'id']).execute()
}
