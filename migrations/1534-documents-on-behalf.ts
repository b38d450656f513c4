import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_on_behalf').ifNotExists()
    .addColumn('document_id', 'varchar(26)', column => column.primaryKey())
    .addColumn('client_id', 'varchar(26)', column => column.notNull())
    .addColumn('request_key', 'varchar(64)', column => column.notNull())
    .addColumn('fingerprint', 'varchar(64)', column => column.notNull())
    .addColumn('office', 'varchar(40)', column => column.notNull())
    .addColumn('purpose', 'varchar(200)', column => column.notNull())
    .addColumn('reference', 'varchar(100)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('documents_on_behalf_key', ['client_id', 'request_key'])
    .execute()
}
