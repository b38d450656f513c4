import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_instances').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('kind', 'varchar(60)', column => column.notNull())
    .addColumn('subject', 'varchar(40)', column => column.notNull())
    .addColumn('title', 'varchar(200)', column => column.notNull())
    .addColumn('url', 'varchar(500)', column => column.notNull())
    .addColumn('summary', sql`longtext`, column => column.notNull())
    .addColumn('form', sql`longtext`, column => column.notNull())
    .addColumn('flow', sql`longtext`, column => column.notNull())
    .addColumn('version', 'integer', column => column.notNull())
    .addColumn('status', 'varchar(20)', column => column.notNull())
    .addColumn('applicant_id', 'varchar(26)', column => column.notNull())
    .addColumn('applicant_number', 'varchar(40)')
    .addColumn('applicant_name', 'varchar(100)', column => column.notNull())
    .addColumn('started_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
