import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_grade_dates').ifNotExists()
    .addColumn('number', 'varchar(40)', column => column.primaryKey())
    .addColumn('data_on', 'varchar(10)', column => column.notNull())
    .execute()
}
