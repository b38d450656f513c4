import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('identity_people').addColumn('phone_index', 'varchar(64)').execute()
}
