import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_grants').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('role', 'varchar(30)', column => column.notNull())
    .addColumn('scope_kind', 'varchar(10)', column => column.notNull())
    .addColumn('scope_id', 'varchar(60)', column => column.notNull())
    .addColumn('source', 'varchar(10)', column => column.notNull())
    .addColumn('reason', 'varchar(200)')
    .addColumn('granted_by', 'varchar(26)')
    .addColumn('granted_at', 'bigint', column => column.notNull())
    .addColumn('starts_at', 'bigint', column => column.notNull())
    .addColumn('ends_at', 'bigint')
    .addColumn('noticed_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('ended_by', 'varchar(26)')
    .addColumn('end_reason', 'varchar(200)')
    .addColumn('live_key', 'varchar(160)') // null once ended: NULLs do not count as equal, so history may repeat
    .addUniqueConstraint('identity_grants_once', ['live_key'])
    .execute()
}
