import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_verifications').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('document_id', 'varchar(26)', column => column.notNull())
    .addColumn('at', 'bigint', column => column.notNull())
    .addColumn('how', 'varchar(8)', column => column.notNull())
    .execute()
}
