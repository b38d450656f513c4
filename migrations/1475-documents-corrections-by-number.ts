import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_corrections_by_number').on('documents_corrections').columns(['person_number', 'id']).execute()
}
