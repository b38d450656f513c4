import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_bindings').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('number', 'varchar(32)', column => column.notNull())
    .addColumn('userid', 'varchar(64)', column => column.notNull())
    // filled while the binding lasts, so that the database itself refuses a second one
    .addColumn('current_userid', 'varchar(64)', column => column.unique())
    .addColumn('current_number', 'varchar(32)', column => column.unique())
    .addColumn('began_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
