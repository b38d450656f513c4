import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('hall_announcements').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('title', 'varchar(80)', column => column.notNull())
    .addColumn('text', sql`longtext`, column => column.notNull())
    .addColumn('office', 'varchar(60)', column => column.notNull())
    .addColumn('audience', 'varchar(10)', column => column.notNull())
    .addColumn('pinned', 'integer', column => column.notNull())
    .addColumn('starts_at', 'bigint', column => column.notNull())
    .addColumn('ends_at', 'bigint')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .execute()
}
