import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_corrections').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_number', 'varchar(40)', column => column.notNull())
    .addColumn('person_name', 'varchar(120)', column => column.notNull())
    .addColumn('unit_id', 'varchar(26)')
    .addColumn('kind', 'varchar(60)', column => column.notNull())
    .addColumn('line', 'varchar(200)', column => column.notNull())
    .addColumn('printed', 'varchar(400)', column => column.notNull())
    .addColumn('said', sql`text`, column => column.notNull())
    .addColumn('status', 'varchar(12)', column => column.notNull())
    .addColumn('open_key', 'varchar(260)', column => column.unique())
    .addColumn('answer', sql`text`)
    .addColumn('answered_by', 'varchar(26)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
