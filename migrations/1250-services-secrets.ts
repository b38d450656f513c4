import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_secrets').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('application_id', 'varchar(26)', column => column.notNull())
    .addColumn('field', 'varchar(40)', column => column.notNull())
    .addColumn('revision', 'integer', column => column.notNull())
    .addColumn('sealed', sql`longtext`, column => column.notNull())
    .execute()
}
