import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_imports').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('kind', 'varchar(10)', column => column.notNull())
    .addColumn('file_name', 'varchar(200)', column => column.notNull())
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('preview', sql`longtext`, column => column.notNull())
    .addColumn('errors', sql`longtext`, column => column.notNull())
    .execute()
}
