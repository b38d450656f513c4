import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('messages_preferences').ifNotExists()
    .addColumn('person_id', 'varchar(26)', column => column.primaryKey())
    .addColumn('quiet_from', 'integer')
    .addColumn('quiet_until', 'integer')
    .addColumn('digest_at', 'integer')
    .addColumn('changed_at', 'bigint', column => column.notNull())
    .execute()
}
