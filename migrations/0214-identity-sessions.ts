import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_sessions').ifNotExists()
    .addColumn('id', 'varchar(64)', column => column.primaryKey())
    .addColumn('data', sql`longtext`, column => column.notNull())
    .addColumn('person_id', 'varchar(26)')
    .addColumn('number', 'varchar(32)')
    .addColumn('epoch', 'integer')
    .addColumn('way', 'varchar(10)')
    .addColumn('device', 'varchar(100)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('seen_at', 'bigint', column => column.notNull())
    .addColumn('expires_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
