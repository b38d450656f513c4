import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_proposals').ifNotExists()
    .addColumn('service_key', 'varchar(40)', column => column.primaryKey())
    .addColumn('definition', sql`longtext`, column => column.notNull())
    .addColumn('hash', 'varchar(64)', column => column.notNull())
    .addColumn('file_name', 'varchar(200)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_name', 'varchar(100)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}
