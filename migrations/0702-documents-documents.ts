import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_documents').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('kind', 'varchar(60)', column => column.notNull())
    .addColumn('title', 'varchar(120)', column => column.notNull())
    .addColumn('number', 'varchar(40)', column => column.notNull().unique())
    .addColumn('code', 'varchar(16)', column => column.notNull().unique())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_number', 'varchar(40)', column => column.notNull())
    .addColumn('application_id', 'varchar(26)', column => column.unique())
    .addColumn('facts', sql`longtext`, column => column.notNull())
    .addColumn('template_hash', 'varchar(64)', column => column.notNull())
    .addColumn('mail_to', 'varchar(320)')
    .addColumn('status', 'varchar(12)', column => column.notNull())
    .addColumn('reason', 'varchar(600)')
    .addColumn('sha256', 'varchar(64)', column => column.unique())
    .addColumn('level', 'varchar(8)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('issued_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
}
