import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('connections_connections').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('name', 'varchar(60)', column => column.notNull().unique())
    .addColumn('note', 'varchar(200)', column => column.notNull())
    .addColumn('origin', 'varchar(300)', column => column.notNull())
    .addColumn('paths', sql`longtext`, column => column.notNull())
    .addColumn('method', 'varchar(10)', column => column.notNull())
    .addColumn('header_names', sql`longtext`, column => column.notNull())
    .addColumn('headers', sql`longtext`)
    .addColumn('time_limit', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .addColumn('test_asked_at', 'bigint')
    .addColumn('tested_at', 'bigint')
    .addColumn('tested', sql`longtext`)
    .execute()
}
