import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_things').ifNotExists()
    .addColumn('thing', 'varchar(220)', column => column.primaryKey())
    .addColumn('turns', 'integer', column => column.notNull())
    .execute()
}
