import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_mailboxes').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('number', 'varchar(32)', column => column.notNull())
    .addColumn('email', 'varchar(254)', column => column.notNull())
    .addColumn('asked_at', 'bigint', column => column.notNull())
    .addColumn('expires_at', 'bigint', column => column.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('refused_at', 'bigint')
    .addColumn('reason', 'varchar(40)')
    .addColumn('used_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
}
