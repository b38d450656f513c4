import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_revisions').ifNotExists()
    .addColumn('sha256', 'varchar(64)', column => column.primaryKey())
    .addColumn('document_id', 'varchar(26)', column => column.notNull())
    .addColumn('level', 'varchar(8)', column => column.notNull())
    .addColumn('made_at', 'bigint', column => column.notNull())
    .execute()
}
