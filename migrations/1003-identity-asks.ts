import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_asks').ifNotExists()
    .addColumn('subject', 'varchar(80)', column => column.primaryKey())
    .addColumn('at', 'bigint', column => column.notNull())
    .execute()
}
