import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_attempts').ifNotExists()
    .addColumn('subject', 'varchar(64)', column => column.primaryKey())
    .addColumn('failures', 'integer', column => column.notNull())
    .addColumn('last_at', 'bigint', column => column.notNull())
    .addColumn('locked_until', 'bigint', column => column.notNull())
    .execute()
}
