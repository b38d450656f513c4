import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_factors').ifNotExists()
    .addColumn('person_id', 'varchar(26)', column => column.primaryKey())
    .addColumn('secret_sealed', sql`longtext`, column => column.notNull())
    .addColumn('last_step', 'bigint', column => column.notNull())
    .addColumn('enrolled_at', 'bigint', column => column.notNull())
    .execute()
}
