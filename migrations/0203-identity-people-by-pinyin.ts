import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_people_by_pinyin').on('identity_people').columns(['name_pinyin', 'id']).execute()
}
