import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_members_due').on('identity_members').columns(['due_at', 'userid_key']).execute()
}
