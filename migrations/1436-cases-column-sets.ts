import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('cases_column_sets').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('name', 'varchar(40)', column => column.notNull())
    .addColumn('columns', sql`longtext`, column => column.notNull())
    .addUniqueConstraint('cases_column_sets_name', ['person_id', 'service_key', 'name'])
    .execute()
}
