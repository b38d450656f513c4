import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_differences_by_decision').on('identity_differences').columns(['decision', 'field', 'id']).execute()
}
