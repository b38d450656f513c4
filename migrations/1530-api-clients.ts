import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('api_clients').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('name', 'varchar(40)', column => column.notNull().unique())
    .addColumn('unit_id', 'varchar(26)', column => column.notNull())
    .addColumn('contact', 'varchar(200)', column => column.notNull())
    .addColumn('ground', 'varchar(500)', column => column.notNull())
    .addColumn('scopes', sql`longtext`, column => column.notNull())
    .addColumn('kinds', sql`longtext`, column => column.notNull())
    .addColumn('units', sql`longtext`, column => column.notNull())
    .addColumn('per_minute', 'integer', column => column.notNull())
    .addColumn('per_day', 'integer', column => column.notNull())
    .addColumn('expires_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('warned_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .execute()
}
