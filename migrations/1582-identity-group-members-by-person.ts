import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_group_members_by_person').on('identity_group_members').columns(['person_id']).execute()
}
