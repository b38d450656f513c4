import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_decisions').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('instance_id', 'varchar(26)', column => column.notNull())
    .addColumn('node_id', 'varchar(26)', column => column.notNull())
    .addColumn('task_id', 'varchar(26)', column => column.notNull().unique())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_name', 'varchar(100)', column => column.notNull())
    .addColumn('decision', 'varchar(20)', column => column.notNull())
    .addColumn('comment', sql`longtext`, column => column.notNull())
    .addColumn('via', 'varchar(20)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}
