import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('ratings_follow_ups').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('rating_id', 'varchar(26)', column => column.notNull().unique())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('unit_id', 'varchar(26)')
    .addColumn('status', 'varchar(12)', column => column.notNull())
    .addColumn('due_at', 'bigint', column => column.notNull())
    .addColumn('opened_at', 'bigint', column => column.notNull())
    .addColumn('answer', sql`longtext`)
    .addColumn('answered_by', 'varchar(100)')
    .addColumn('answered_at', 'bigint')
    .addColumn('note', sql`longtext`)
    .addColumn('closed_by', 'varchar(100)')
    .addColumn('closed_at', 'bigint')
    .execute()
}
