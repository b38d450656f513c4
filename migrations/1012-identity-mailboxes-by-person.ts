import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_mailboxes_by_person').on('identity_mailboxes').columns(['person_id', 'asked_at']).execute()
}
