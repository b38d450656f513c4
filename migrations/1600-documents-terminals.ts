import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_terminals').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('name', 'varchar(60)', column => column.notNull())
    .addColumn('place', 'varchar(120)', column => column.notNull())
    .addColumn('copies', 'integer')
    .addColumn('token_hash', 'varchar(64)', column => column.notNull().unique())
    .addColumn('status', 'varchar(8)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('seen_at', 'bigint')
    .addColumn('trouble_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
}
