import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('identity_phone_notes').addColumn('started_at', 'bigint').execute()
}
