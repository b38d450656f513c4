import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_sessions_by_expiry').on('identity_sessions').columns(['expires_at']).execute()
}
