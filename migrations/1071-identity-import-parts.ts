import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_import_parts').ifNotExists()
    .addColumn('import_id', 'varchar(26)', column => column.notNull())
    .addColumn('position', 'integer', column => column.notNull())
    .addColumn('bytes_sealed', sql`longtext`, column => column.notNull())
    .addPrimaryKeyConstraint('identity_import_parts_place', ['import_id', 'position'])
    .execute()
}
