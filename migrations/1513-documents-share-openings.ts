import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_share_openings').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('share_id', 'varchar(26)', column => column.notNull())
    .addColumn('what', 'varchar(12)', column => column.notNull())
    .addColumn('at', 'bigint', column => column.notNull())
    .execute()
}
