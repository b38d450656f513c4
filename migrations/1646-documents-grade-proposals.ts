import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_grade_proposals').ifNotExists()
    .addColumn('run_id', 'varchar(26)', column => column.notNull())
    .addColumn('number', 'varchar(40)', column => column.notNull())
    .addColumn('data_on', 'varchar(10)', column => column.notNull())
    .addColumn('present', sql`longtext`, column => column.notNull())
    .addColumn('grades', sql`longtext`, column => column.notNull())
    .addPrimaryKeyConstraint('documents_grade_proposals_key', ['run_id', 'number'])
    .execute()
}
