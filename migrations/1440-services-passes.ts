import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_passes').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('open_key', 'varchar(80)', column => column.unique())
    .addColumn('reason', 'varchar(200)', column => column.notNull())
    .addColumn('by_name', 'varchar(100)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('application_id', 'varchar(26)')
    .execute()
}
