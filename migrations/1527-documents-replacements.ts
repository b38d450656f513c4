import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_replacements').ifNotExists()
    .addColumn('document_id', 'varchar(26)', column => column.primaryKey())
    .addColumn('replaced_by', 'varchar(26)', column => column.notNull().unique())
    .addColumn('at', 'bigint', column => column.notNull())
    .execute()
}
