import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('hall_readers').ifNotExists()
    .addColumn('person_id', 'varchar(26)', column => column.primaryKey())
    .addColumn('favourites', sql`longtext`, column => column.notNull())
    .addColumn('seen', sql`longtext`, column => column.notNull())
    .execute()
}
