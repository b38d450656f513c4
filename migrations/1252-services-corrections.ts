import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_corrections').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('application_id', 'varchar(26)', column => column.notNull())
    .addColumn('revision', 'integer', column => column.notNull())
    .addColumn('field', 'varchar(40)', column => column.notNull())
    .addColumn('reason', 'varchar(20)', column => column.notNull())
    .addColumn('note', sql`longtext`, column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_name', 'varchar(100)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}
