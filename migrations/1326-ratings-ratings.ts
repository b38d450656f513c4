import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('ratings_ratings').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('application_id', 'varchar(26)', column => column.notNull().unique())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('number', 'varchar(40)', column => column.notNull())
    .addColumn('title', 'varchar(120)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_number', 'varchar(40)', column => column.notNull())
    .addColumn('person_name', 'varchar(100)', column => column.notNull())
    .addColumn('step', 'integer', column => column.notNull())
    .addColumn('aspects', 'varchar(200)', column => column.notNull())
    .addColumn('words', sql`longtext`, column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('changed_at', 'bigint', column => column.notNull())
    .execute()
}
