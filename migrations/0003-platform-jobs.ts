import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('jobs').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('name', 'varchar(80)', column => column.notNull())
    .addColumn('queue', 'varchar(40)', column => column.notNull())
    .addColumn('dedupe', 'varchar(160)', column => column.unique())
    .addColumn('input', sql`longtext`, column => column.notNull())
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('priority', 'integer', column => column.notNull())
    .addColumn('attempts', 'integer', column => column.notNull())
    .addColumn('due_at', 'bigint', column => column.notNull())
    .addColumn('lease_token', 'varchar(36)')
    .addColumn('lease_until', 'bigint')
    .addColumn('error', 'varchar(600)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute()
}
