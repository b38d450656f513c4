import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('identity_sessions').addColumn('campus_subject', 'varchar(64)').execute()
}
