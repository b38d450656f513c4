import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('identity_units').addColumn('deputy_numbers', 'varchar(400)').execute()
}
