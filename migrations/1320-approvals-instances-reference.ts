import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals_instances').addColumn('reference', 'varchar(40)').execute()
}
