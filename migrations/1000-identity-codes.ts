import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_codes').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('purpose', 'varchar(20)', column => column.notNull())
    .addColumn('session', 'varchar(64)', column => column.notNull())
    .addColumn('phone_sealed', 'varchar(255)', column => column.notNull())
    .addColumn('phone_index', 'varchar(64)', column => column.notNull())
    .addColumn('deliver', 'integer', column => column.notNull())
    .addColumn('tries', 'integer', column => column.notNull())
    .addColumn('asked_at', 'bigint', column => column.notNull())
    .addColumn('expires_at', 'bigint', column => column.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('troubled_at', 'bigint')
    .addColumn('refused_at', 'bigint')
    .addColumn('reason', 'varchar(40)')
    .addColumn('used_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
}
