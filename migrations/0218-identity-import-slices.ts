import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_import_slices').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('import_id', 'varchar(26)', column => column.notNull())
    .addColumn('position', 'integer', column => column.notNull())
    .addColumn('row_count', 'integer', column => column.notNull())
    .addColumn('rows_sealed', sql`longtext`, column => column.notNull())
    .addColumn('outcome', sql`longtext`)
    .addColumn('done_at', 'bigint')
    .addUniqueConstraint('identity_import_slices_place', ['import_id', 'position'])
    .execute()
}
