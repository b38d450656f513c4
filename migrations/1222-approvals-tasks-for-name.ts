import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals_tasks').addColumn('for_name', 'varchar(100)').execute()
}
