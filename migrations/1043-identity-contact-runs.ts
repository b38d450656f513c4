import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_contact_runs').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('kind', 'varchar(10)', column => column.notNull())
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('current_kind', 'varchar(10)')
    .addColumn('phase', 'varchar(20)', column => column.notNull())
    .addColumn('cursor_at', 'varchar(200)', column => column.notNull())
    .addColumn('position', 'integer', column => column.notNull())
    .addColumn('again', 'integer', column => column.notNull())
    .addColumn('totals', sql`longtext`, column => column.notNull())
    .addColumn('problem', 'varchar(40)')
    .addColumn('waits_until', 'bigint')
    .addColumn('person_id', 'varchar(26)')
    .addColumn('started_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addUniqueConstraint('identity_contact_runs_current', ['current_kind'])
    .execute()
}
