import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_applications').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('number', 'varchar(20)', column => column.unique())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('version_id', 'varchar(26)', column => column.notNull())
    .addColumn('title', 'varchar(60)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_number', 'varchar(40)', column => column.notNull())
    .addColumn('person_name', 'varchar(100)', column => column.notNull())
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('draft_key', 'varchar(80)', column => column.unique())
    .addColumn('draft', sql`longtext`)
    .addColumn('form', sql`longtext`)
    .addColumn('instance_id', 'varchar(26)')
    .addColumn('revision', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('saved_at', 'bigint')
    .addColumn('submitted_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
}
