import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_figures').ifNotExists()
    .addColumn('day', 'varchar(10)', column => column.notNull())
    .addColumn('kind', 'varchar(60)', column => column.notNull())
    .addColumn('unit_id', 'varchar(26)', column => column.notNull())
    .addColumn('figure', 'varchar(12)', column => column.notNull())
    .addColumn('about', 'varchar(64)', column => column.notNull())
    .addColumn('number', 'integer', column => column.notNull())
    .addColumn('fen', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('documents_figures_key', ['day', 'kind', 'unit_id', 'figure', 'about'])
    .execute()
}
