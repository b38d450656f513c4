import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_passwords_by_number').on('identity_passwords').columns(['number', 'ended_at']).execute()
}
