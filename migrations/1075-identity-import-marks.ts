import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_import_marks').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('import_id', 'varchar(26)', column => column.notNull())
    .addColumn('unit_id', 'varchar(26)')
    .addColumn('standing', 'varchar(20)', column => column.notNull())
    .addColumn('reason', sql`longtext`, column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('number', 'varchar(32)')
    .addColumn('total', 'integer', column => column.notNull())
    .addColumn('done', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute()
}
