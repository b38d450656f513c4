import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('payments_differences').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('kind', 'varchar(20)', column => column.notNull())
    .addColumn('number', 'varchar(64)', column => column.notNull())
    .addColumn('date', 'varchar(10)', column => column.notNull())
    .addColumn('order_id', 'varchar(26)')
    .addColumn('ours', 'bigint')
    .addColumn('theirs', 'bigint')
    .addColumn('found_at', 'bigint', column => column.notNull())
    .addColumn('settled_at', 'bigint')
    .addColumn('settled_by', 'varchar(40)')
    .addColumn('note', 'varchar(500)')
    .addUniqueConstraint('payments_differences_once', ['kind', 'number'])
    .execute()
}
