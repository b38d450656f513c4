import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('cases_moves').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('version_id', 'varchar(26)', column => column.notNull())
    .addColumn('version', 'integer', column => column.notNull())
    .addColumn('reason', sql`longtext`, column => column.notNull())
    .addColumn('by_id', 'varchar(26)', column => column.notNull())
    .addColumn('by_number', 'varchar(40)')
    .addColumn('by_name', 'varchar(100)', column => column.notNull())
    .addColumn('total', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
