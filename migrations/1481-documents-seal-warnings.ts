import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_seal_warnings').ifNotExists()
    .addColumn('fingerprint', 'varchar(64)', column => column.notNull())
    .addColumn('days', 'integer', column => column.notNull())
    .addColumn('told_at', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('documents_seal_warnings_key', ['fingerprint', 'days'])
    .execute()
}
