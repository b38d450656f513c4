import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_usual_times').ifNotExists()
    .addColumn('service_key', 'varchar(40)', column => column.primaryKey())
    .addColumn('finished', 'integer', column => column.notNull())
    .addColumn('minutes', 'integer', column => column.notNull())
    .addColumn('measured_at', 'bigint', column => column.notNull())
    .execute()
}
