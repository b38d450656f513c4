import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('hall_synonyms').ifNotExists()
    .addColumn('service_key', 'varchar(40)', column => column.primaryKey())
    .addColumn('words', sql`longtext`, column => column.notNull())
    .execute()
}
