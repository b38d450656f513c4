import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_remarks').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('instance_id', 'varchar(26)', column => column.notNull())
    .addColumn('node_id', 'varchar(26)')
    .addColumn('person_id', 'varchar(26)')
    .addColumn('person_name', 'varchar(100)')
    .addColumn('act', 'varchar(20)', column => column.notNull())
    .addColumn('whom', 'varchar(500)', column => column.notNull())
    .addColumn('text', sql`longtext`, column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}
