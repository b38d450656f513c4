import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_requests').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_number', 'varchar(40)', column => column.notNull())
    .addColumn('kind', 'varchar(60)', column => column.notNull())
    .addColumn('status', 'varchar(20)', column => column.notNull())
    .addColumn('open_key', 'varchar(110)', column => column.unique())
    .addColumn('price', 'integer', column => column.notNull())
    .addColumn('mail_to', 'varchar(320)')
    .addColumn('recipient', 'varchar(120)')
    .addColumn('share', 'varchar(400)')
    .addColumn('document_id', 'varchar(26)', column => column.unique())
    .addColumn('order_id', 'varchar(26)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
}
