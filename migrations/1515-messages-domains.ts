import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('messages_domains').ifNotExists()
    .addColumn('domain', 'varchar(255)', column => column.primaryKey())
    .addColumn('at', 'bigint', column => column.notNull())
    .addColumn('slots', sql`longtext`, column => column.notNull())
    .execute()
}
