import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_codes_by_session').on('identity_codes').columns(['session', 'purpose']).execute()
}
