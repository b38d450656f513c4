import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_attachments').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('application_id', 'varchar(26)', column => column.notNull())
    .addColumn('field', 'varchar(40)', column => column.notNull())
    .addColumn('sha256', 'varchar(64)', column => column.notNull())
    .addColumn('name', 'varchar(120)', column => column.notNull())
    .addColumn('type', 'varchar(10)', column => column.notNull())
    .addColumn('size', 'integer', column => column.notNull())
    .addColumn('removed', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}
