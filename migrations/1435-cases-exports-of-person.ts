import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('cases_exports_of_person').on('cases_exports').columns(['person_id', 'id']).execute()
}
