import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_numbers').ifNotExists()
    .addColumn('number', 'varchar(32)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('kind', 'varchar(10)', column => column.notNull())
    .addColumn('standing', 'varchar(20)', column => column.notNull())
    .addColumn('unit_id', 'varchar(26)', column => column.notNull())
    .addColumn('title', 'varchar(60)')
    .addColumn('level', 'varchar(20)')
    .addColumn('major', 'varchar(100)')
    .addColumn('major_en', 'varchar(200)')
    .addColumn('class_name', 'varchar(60)')
    .addColumn('years', 'double precision')
    .addColumn('entered_on', 'varchar(10)', column => column.notNull())
    .addColumn('ends_on', 'varchar(10)')
    .addColumn('tutor_id', 'varchar(26)')
    .addColumn('session_epoch', 'integer', column => column.notNull().defaultTo(0))
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .execute()
}
