import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals_tasks').addColumn('label', 'varchar(100)', column => column.notNull().defaultTo('')).execute()
}
