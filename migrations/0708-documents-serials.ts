import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_serials').ifNotExists()
    .addColumn('day', 'varchar(8)', column => column.primaryKey())
    .addColumn('last', 'integer', column => column.notNull())
    .execute()
}
