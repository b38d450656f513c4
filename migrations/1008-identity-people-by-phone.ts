import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_people_by_phone').on('identity_people').columns(['phone_index']).execute()
}
