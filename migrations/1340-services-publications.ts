import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_publications').ifNotExists()
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('turn', 'integer', column => column.notNull())
    .addColumn('act', 'varchar(20)', column => column.notNull())
    .addColumn('version_id', 'varchar(26)', column => column.notNull())
    .addColumn('offered', 'integer', column => column.notNull())
    .addColumn('by_file', 'integer', column => column.notNull())
    .addColumn('note', sql`longtext`, column => column.notNull())
    .addColumn('person_id', 'varchar(26)')
    .addColumn('person_name', 'varchar(100)')
    .addColumn('at', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('services_publications_pk', ['service_key', 'turn'])
    .execute()
}
