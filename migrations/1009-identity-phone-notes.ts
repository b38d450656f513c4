import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_phone_notes').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('phone_sealed', 'varchar(255)')
    .addColumn('at', 'bigint', column => column.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('reason', 'varchar(40)')
    .execute()
}
