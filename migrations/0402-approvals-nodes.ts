import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_nodes').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('instance_id', 'varchar(26)', column => column.notNull())
    .addColumn('number', 'integer', column => column.notNull())
    .addColumn('step', 'varchar(40)', column => column.notNull())
    .addColumn('kind', 'varchar(20)', column => column.notNull())
    .addColumn('label', 'varchar(100)', column => column.notNull())
    .addColumn('status', 'varchar(20)', column => column.notNull())
    .addColumn('note', 'varchar(20)')
    .addColumn('started_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addUniqueConstraint('approvals_nodes_number', ['instance_id', 'number'])
    .execute()
}
