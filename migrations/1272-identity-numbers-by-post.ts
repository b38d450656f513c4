import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_numbers_by_post').on('identity_numbers').columns(['title', 'unit_id']).execute()
}
