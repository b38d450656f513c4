import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_credentials').ifNotExists()
    .addColumn('document_id', 'varchar(26)', column => column.primaryKey())
    .addColumn('id', 'varchar(36)', column => column.notNull())
    .addColumn('subject', 'varchar(36)', column => column.notNull())
    .addColumn('list', 'integer', column => column.notNull())
    .addColumn('place', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('documents_credentials_place', ['list', 'place'])
    .execute()
}
