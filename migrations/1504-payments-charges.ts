import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('payments_charges').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('order_id', 'varchar(26)', column => column.notNull())
    .addColumn('way', 'varchar(10)', column => column.notNull())
    .addColumn('status', 'varchar(20)', column => column.notNull())
    .addColumn('token', sql`longtext`)
    .addColumn('token_at', 'bigint')
    .addColumn('fault', 'varchar(60)')
    .addColumn('transaction_id', 'varchar(40)')
    .addColumn('opened_at', 'bigint', column => column.notNull())
    .addColumn('paid_at', 'bigint')
    .addColumn('billed', 'varchar(10)')
    .execute()
}
