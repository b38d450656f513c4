import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_roles').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('role', 'varchar(30)', column => column.notNull())
    .addColumn('unit_id', 'varchar(26)', column => column.notNull()) // '' is the whole university: NULLs would not count as equal in the key below
    .addColumn('source', 'varchar(10)', column => column.notNull())
    .addColumn('granted_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('identity_roles_once', ['person_id', 'role', 'unit_id'])
    .execute()
}
