import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_codes_by_phone').on('identity_codes').columns(['phone_index', 'asked_at']).execute()
}
