import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_reservations').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('thing', 'varchar(220)', column => column.notNull())
    .addColumn('starts', 'varchar(16)', column => column.notNull())
    .addColumn('ends', 'varchar(16)', column => column.notNull())
    .addColumn('application_id', 'varchar(26)', column => column.notNull())
    .execute()
}
