import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_holds').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('number', 'varchar(40)', column => column.notNull())
    .addColumn('type', 'varchar(40)', column => column.notNull())
    .addColumn('reason', 'varchar(600)', column => column.notNull())
    .addColumn('source', 'varchar(20)', column => column.notNull())
    .addColumn('since', 'varchar(10)', column => column.notNull())
    .addColumn('until', 'varchar(10)')
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('open_key', 'varchar(90)', column => column.unique())
    .addColumn('lifted_reason', 'varchar(600)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
