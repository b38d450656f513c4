import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_groups').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('word', 'varchar(40)', column => column.notNull().unique())
    .addColumn('name', 'varchar(40)', column => column.notNull())
    .addColumn('purpose', 'varchar(200)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .execute()
}
