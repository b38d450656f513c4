import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_accounts').ifNotExists()
    .addColumn('number', 'varchar(32)', column => column.primaryKey())
    .addColumn('password_hash', 'varchar(255)', column => column.notNull())
    .addColumn('must_change', 'integer', column => column.notNull())
    .addColumn('changed_at', 'bigint', column => column.notNull())
    .execute()
}
