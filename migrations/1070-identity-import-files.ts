import type { Kysely } from 'kysely'

/** What is known of an import's file, and how its work goes; beside identity_imports, which says what it came to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_import_files').ifNotExists()
    .addColumn('import_id', 'varchar(26)', column => column.primaryKey())
    .addColumn('sha256', 'varchar(64)', column => column.notNull())
    .addColumn('size', 'integer', column => column.notNull())
    .addColumn('encoding', 'varchar(10)')
    // one name that is taken while an import writes, so that the database itself refuses a second one
    .addColumn('turn', 'varchar(10)', column => column.unique())
    .addColumn('runs', 'integer', column => column.notNull())
    .addColumn('applied_by', 'varchar(26)')
    .addColumn('applied_as', 'varchar(32)')
    .addColumn('began_at', 'bigint')
    .addColumn('began_rows', 'integer', column => column.notNull())
    .execute()
}
