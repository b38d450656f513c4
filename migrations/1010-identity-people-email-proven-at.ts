import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('identity_people').addColumn('email_proven_at', 'bigint').execute()
}
