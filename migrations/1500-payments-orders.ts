import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('payments_orders').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('subject', 'varchar(64)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('title', 'varchar(120)', column => column.notNull())
    .addColumn('back', 'varchar(200)')
    .addColumn('amount', 'integer', column => column.notNull())
    .addColumn('status', 'varchar(20)', column => column.notNull())
    .addColumn('version', 'integer', column => column.notNull())
    .addColumn('charge_id', 'varchar(26)')
    .addColumn('opened_at', 'bigint', column => column.notNull())
    .addColumn('expires_at', 'bigint', column => column.notNull())
    .addColumn('paid_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
}
