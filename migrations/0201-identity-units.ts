import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_units').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('code', 'varchar(32)', column => column.notNull().unique())
    .addColumn('name', 'varchar(100)', column => column.notNull())
    .addColumn('name_en', 'varchar(200)')
    .addColumn('kind', 'varchar(10)', column => column.notNull())
    .addColumn('parent_id', 'varchar(26)')
    .addColumn('head_number', 'varchar(32)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .execute()
}
