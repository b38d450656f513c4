import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_people').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('number', 'varchar(32)', column => column.notNull().unique())
    .addColumn('name', 'varchar(100)', column => column.notNull())
    .addColumn('name_en', 'varchar(200)', column => column.notNull())
    .addColumn('name_pinyin', 'varchar(200)', column => column.notNull())
    .addColumn('initials', 'varchar(100)', column => column.notNull())
    .addColumn('gender', 'varchar(10)', column => column.notNull())
    .addColumn('birth_on', 'varchar(10)')
    .addColumn('document_type', 'varchar(20)', column => column.notNull())
    .addColumn('document_sealed', 'varchar(255)', column => column.notNull())
    .addColumn('document_index', 'varchar(64)', column => column.notNull().unique())
    .addColumn('phone_sealed', 'varchar(255)')
    .addColumn('email', 'varchar(254)')
    .addColumn('language', 'varchar(5)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .execute()
}
