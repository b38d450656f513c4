import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_calls').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('instance_id', 'varchar(26)', column => column.notNull())
    .addColumn('node_id', 'varchar(26)', column => column.notNull())
    .addColumn('name', 'varchar(60)', column => column.notNull())
    .addColumn('attempt', 'integer', column => column.notNull())
    .addColumn('at', 'bigint', column => column.notNull())
    .addColumn('ms', 'integer', column => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('error', sql`longtext`)
    .addColumn('answer', sql`longtext`, column => column.notNull())
    .execute()
}
