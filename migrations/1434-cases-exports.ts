import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('cases_exports').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('language', 'varchar(2)', column => column.notNull())
    .addColumn('query', sql`longtext`, column => column.notNull())
    .addColumn('columns', sql`longtext`, column => column.notNull())
    .addColumn('written', 'integer', column => column.notNull())
    .addColumn('total', 'integer', column => column.notNull())
    .addColumn('sha256', 'varchar(64)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('gone_at', 'bigint')
    .execute()
}
