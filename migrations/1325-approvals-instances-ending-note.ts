import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals_instances').addColumn('ending_note', 'varchar(200)').execute()
}
