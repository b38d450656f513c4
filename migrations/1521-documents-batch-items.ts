import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_batch_items').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('batch_id', 'varchar(26)', column => column.notNull())
    .addColumn('slice', 'integer', column => column.notNull())
    .addColumn('number', 'varchar(40)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)')
    .addColumn('name', 'varchar(120)', column => column.notNull())
    .addColumn('outcome', 'varchar(10)', column => column.notNull())
    .addColumn('problem', sql`longtext`)
    .addColumn('document_id', 'varchar(26)')
    .addColumn('told_at', 'bigint')
    .execute()
}
