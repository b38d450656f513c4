import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('hall_slides').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('title', 'varchar(60)', column => column.notNull())
    .addColumn('link', 'varchar(300)', column => column.notNull())
    .addColumn('picture', 'varchar(64)', column => column.notNull())
    .addColumn('audience', 'varchar(10)', column => column.notNull())
    .addColumn('starts_at', 'bigint', column => column.notNull())
    .addColumn('ends_at', 'bigint')
    .addColumn('place', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}
