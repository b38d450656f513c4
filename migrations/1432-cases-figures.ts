import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('cases_figures').ifNotExists()
    .addColumn('day', 'varchar(10)', column => column.notNull())
    .addColumn('service_key', 'varchar(40)', column => column.notNull())
    .addColumn('figure', 'varchar(10)', column => column.notNull())
    .addColumn('about', 'varchar(40)', column => column.notNull())
    .addColumn('minutes', 'integer', column => column.notNull())
    .addColumn('label', 'varchar(100)', column => column.notNull())
    .addColumn('number', 'integer', column => column.notNull())
    .addColumn('late', 'integer', column => column.notNull())
    .addPrimaryKeyConstraint('cases_figures_key', ['day', 'service_key', 'figure', 'about', 'minutes'])
    .execute()
}
