import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_shares').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('document_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('token_hash', 'varchar(64)', column => column.notNull().unique())
    .addColumn('passcode', 'integer', column => column.notNull())
    .addColumn('recipient', 'varchar(60)')
    .addColumn('address', 'varchar(320)')
    .addColumn('purpose', 'varchar(200)')
    .addColumn('views', 'integer', column => column.notNull())
    .addColumn('views_most', 'integer')
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('expires_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
