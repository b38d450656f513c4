import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('events').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('name', 'varchar(80)', column => column.notNull())
    .addColumn('subject', 'varchar(40)', column => column.notNull())
    .addColumn('actor_id', 'varchar(26)')
    .addColumn('actor_number', 'varchar(40)')
    .addColumn('at', 'bigint', column => column.notNull())
    .addColumn('data', sql`longtext`, column => column.notNull())
    .addColumn('chain', 'bigint', column => column.unique())
    .addColumn('hash', 'varchar(64)')
    .execute()
}
