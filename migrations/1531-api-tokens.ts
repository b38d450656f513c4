import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('api_tokens').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('client_id', 'varchar(26)', column => column.notNull())
    .addColumn('hash', 'varchar(64)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('ends_at', 'bigint')
    .execute()
}
