import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('hall_revisions').ifNotExists()
    .addColumn('name', 'varchar(20)', column => column.primaryKey())
    .addColumn('revision', 'integer', column => column.notNull())
    .execute()
}
