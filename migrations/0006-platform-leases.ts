import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('leases').ifNotExists()
    .addColumn('name', 'varchar(120)', column => column.primaryKey())
    .addColumn('value', sql`longtext`)
    .addColumn('expires_at', 'bigint', column => column.notNull())
    .addColumn('holder', 'varchar(36)')
    .addColumn('held_until', 'bigint', column => column.notNull())
    .execute()
}
