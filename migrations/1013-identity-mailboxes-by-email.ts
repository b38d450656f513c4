import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_mailboxes_by_email').on('identity_mailboxes').columns(['email', 'asked_at']).execute()
}
