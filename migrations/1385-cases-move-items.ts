import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('cases_move_items').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('move_id', 'varchar(26)', column => column.notNull())
    .addColumn('application_id', 'varchar(26)', column => column.notNull())
    .addColumn('outcome', 'varchar(10)', column => column.notNull())
    .addColumn('sentence', sql`longtext`)
    .execute()
}
