import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_history').ifNotExists()
    .addColumn('instance_id', 'varchar(26)', column => column.notNull())
    .addColumn('seq', 'integer', column => column.notNull())
    .addColumn('entry', sql`longtext`, column => column.notNull())
    .addPrimaryKeyConstraint('approvals_history_place', ['instance_id', 'seq'])
    .execute()
}
