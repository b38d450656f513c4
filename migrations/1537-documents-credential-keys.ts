import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_credential_keys').ifNotExists()
    .addColumn('id', 'varchar(64)', column => column.primaryKey())
    .addColumn('jwk', sql`longtext`, column => column.notNull())
    .addColumn('first_used_at', 'bigint', column => column.notNull())
    .execute()
}
