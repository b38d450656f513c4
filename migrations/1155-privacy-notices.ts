import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('privacy_notices').ifNotExists()
    .addColumn('hash', 'varchar(64)', column => column.primaryKey())
    .addColumn('name', 'varchar(40)', column => column.notNull())
    .addColumn('zh', sql`longtext`, column => column.notNull())
    .addColumn('en', sql`longtext`, column => column.notNull())
    .addColumn('kept_at', 'bigint', column => column.notNull())
    .execute()
}
