import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_passwords').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('number', 'varchar(32)', column => column.notNull())
    .addColumn('password_hash', 'varchar(255)', column => column.notNull())
    .addColumn('ended_at', 'bigint', column => column.notNull())
    .execute()
}
