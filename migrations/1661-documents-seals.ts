import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_seals').ifNotExists()
    .addColumn('fingerprint', 'varchar(64)', column => column.primaryKey())
    .addColumn('first_used_at', 'bigint', column => column.notNull())
    .execute()
}
