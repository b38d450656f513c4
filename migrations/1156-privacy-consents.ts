import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('privacy_consents').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('number', 'varchar(64)', column => column.notNull())
    .addColumn('name', 'varchar(40)', column => column.notNull())
    .addColumn('hash', 'varchar(64)', column => column.notNull())
    .addColumn('agreed_at', 'bigint', column => column.notNull())
    .addColumn('withdrawn_at', 'bigint')
    // Person and notice while the consent lasts, then null: there is one at a time.
    .addColumn('lasting', 'varchar(70)', column => column.unique())
    .execute()
}
