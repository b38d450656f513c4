import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('payments_refunds').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('order_id', 'varchar(26)', column => column.notNull())
    .addColumn('charge_id', 'varchar(26)', column => column.notNull())
    .addColumn('amount', 'integer', column => column.notNull())
    .addColumn('reason', 'varchar(80)', column => column.notNull())
    .addColumn('status', 'varchar(20)', column => column.notNull())
    .addColumn('fault', 'varchar(60)')
    .addColumn('asked_at', 'bigint', column => column.notNull())
    .addColumn('accepted_at', 'bigint')
    .addColumn('done_at', 'bigint')
    .addColumn('billed', 'varchar(10)')
    .addUniqueConstraint('payments_refunds_of_charge', ['charge_id', 'id'])
    .execute()
}
