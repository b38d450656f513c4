import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_measured').ifNotExists()
    .addColumn('day', 'varchar(10)', column => column.primaryKey())
    .addColumn('measured_at', 'bigint', column => column.notNull())
    .execute()
}
