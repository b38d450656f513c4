import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('approvals_copies').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('instance_id', 'varchar(26)', column => column.notNull())
    .addColumn('node_id', 'varchar(26)')
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('person_name', 'varchar(100)', column => column.notNull())
    .addColumn('by_name', 'varchar(100)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('approvals_copies_once', ['instance_id', 'person_id'])
    .execute()
}
