import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_guesses').ifNotExists()
    .addColumn('slot', 'varchar(80)', column => column.primaryKey())
    .addColumn('misses', 'integer', column => column.notNull())
    .addColumn('ends_at', 'bigint', column => column.notNull())
    .execute()
}
