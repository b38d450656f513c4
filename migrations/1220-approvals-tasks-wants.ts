import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals_tasks').addColumn('wants', 'varchar(20)', column => column.notNull().defaultTo('decide')).execute()
}
