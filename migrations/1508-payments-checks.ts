import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('payments_checks').ifNotExists()
    .addColumn('id', 'varchar(10)', column => column.primaryKey())
    .addColumn('checked_at', 'bigint', column => column.notNull())
    .addColumn('payments', 'integer', column => column.notNull())
    .addColumn('paid', 'bigint', column => column.notNull())
    .addColumn('refunds', 'integer', column => column.notNull())
    .addColumn('refunded', 'bigint', column => column.notNull())
    .addColumn('others', 'integer', column => column.notNull())
    .execute()
}
