import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_tasks').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('instance_id', 'varchar(26)', column => column.notNull())
    .addColumn('node_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_name', 'varchar(100)', column => column.notNull())
    .addColumn('rule', 'varchar(60)', column => column.notNull())
    .addColumn('reason', 'varchar(20)', column => column.notNull())
    .addColumn('status', 'varchar(20)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('ended_by', 'varchar(26)')
    .addColumn('ended_by_name', 'varchar(100)')
    .addColumn('ended_as', 'varchar(20)')
    .execute()
}
