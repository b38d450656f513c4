import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_handovers').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('from_id', 'varchar(26)', column => column.notNull())
    .addColumn('from_name', 'varchar(100)', column => column.notNull())
    .addColumn('to_id', 'varchar(26)', column => column.notNull())
    .addColumn('to_name', 'varchar(100)', column => column.notNull())
    .addColumn('by_id', 'varchar(26)', column => column.notNull())
    .addColumn('by_number', 'varchar(40)')
    .addColumn('reason', sql`longtext`, column => column.notNull())
    .addColumn('moved', 'integer', column => column.notNull())
    .addColumn('kept', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
