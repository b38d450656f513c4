import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_handover_items').ifNotExists()
    .addColumn('handover_id', 'varchar(26)', column => column.notNull())
    .addColumn('task_id', 'varchar(26)', column => column.notNull())
    .addColumn('instance_id', 'varchar(26)', column => column.notNull())
    .addColumn('outcome', 'varchar(10)', column => column.notNull())
    .addColumn('sentence', sql`longtext`)
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('approvals_handover_items_key', ['handover_id', 'task_id'])
    .execute()
}
