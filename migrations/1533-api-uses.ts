import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('api_uses').ifNotExists()
    .addColumn('client_id', 'varchar(26)', column => column.notNull())
    .addColumn('slot', 'varchar(20)', column => column.notNull())
    .addColumn('uses', 'integer', column => column.notNull())
    .addColumn('ends_at', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('api_uses_key', ['client_id', 'slot'])
    .execute()
}
