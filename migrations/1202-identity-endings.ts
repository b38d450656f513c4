import type { Kysely } from 'kysely'

/** What the school said of ended sign-ins, so that the same word is not heard twice. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_endings').ifNotExists()
    .addColumn('id', 'varchar(64)', column => column.primaryKey())
    .addColumn('at', 'bigint', column => column.notNull())
    .execute()
}
