import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_templates').ifNotExists()
    .addColumn('hash', 'varchar(64)', column => column.primaryKey())
    .addColumn('kind', 'varchar(60)', column => column.notNull())
    .addColumn('source', sql`longtext`, column => column.notNull())
    .addColumn('kept_at', 'bigint', column => column.notNull())
    .execute()
}
