import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_import_rows').ifNotExists()
    .addColumn('import_id', 'varchar(26)', column => column.notNull())
    .addColumn('line', 'integer', column => column.notNull())
    .addColumn('outcome', 'varchar(10)', column => column.notNull())
    .addColumn('number', 'varchar(64)')
    .addColumn('name', 'varchar(100)')
    .addColumn('unit_id', 'varchar(26)')
    .addColumn('told', sql`longtext`, column => column.notNull())
    .addPrimaryKeyConstraint('identity_import_rows_place', ['import_id', 'line'])
    .execute()
}
