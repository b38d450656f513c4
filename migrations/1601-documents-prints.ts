import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_prints').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('terminal_id', 'varchar(26)', column => column.notNull())
    .addColumn('document_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('open_key', 'varchar(26)', column => column.unique())
    .addColumn('until', 'bigint', column => column.notNull())
    .addColumn('nth', 'integer')
    .addColumn('handed_at', 'bigint', column => column.notNull())
    .addColumn('printed_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
}
