import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_grade_runs').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('place', 'varchar(500)', column => column.notNull())
    .addColumn('asked_by', 'varchar(40)')
    .addColumn('status', 'varchar(12)', column => column.notNull())
    .addColumn('turn', 'varchar(4)', column => column.unique())
    .addColumn('data_on', 'varchar(10)')
    .addColumn('counts', sql`longtext`, column => column.notNull())
    .addColumn('errors', sql`longtext`, column => column.notNull())
    .addColumn('why', sql`longtext`)
    .addColumn('began_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
