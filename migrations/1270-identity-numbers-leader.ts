import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('identity_numbers').addColumn('leader_number', 'varchar(32)').execute()
}
