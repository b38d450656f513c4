import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('services_applications').addColumn('hold_reason', 'varchar(200)').execute()
}
