import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_versions').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('version', 'integer', column => column.notNull())
    .addColumn('definition', sql`longtext`, column => column.notNull())
    .addColumn('hash', 'varchar(64)', column => column.notNull())
    .addColumn('published_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('services_versions_number', ['service_key', 'version'])
    .addUniqueConstraint('services_versions_hash', ['service_key', 'hash'])
    .execute()
}
