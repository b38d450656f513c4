import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_group_members').ifNotExists()
    .addColumn('group_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('place', 'integer', column => column.notNull())
    .addColumn('added_at', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('identity_group_members_key', ['group_id', 'person_id'])
    .execute()
}
