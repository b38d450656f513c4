import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_departments').ifNotExists()
    .addColumn('department_id', 'integer', column => column.primaryKey())
    .addColumn('unit_id', 'varchar(26)')
    .addColumn('name', 'varchar(200)', column => column.notNull())
    .addColumn('parent_department', 'integer', column => column.notNull())
    .addColumn('content', sql`longtext`)
    .addColumn('reserved_at', 'bigint')
    .addColumn('seen_at', 'bigint')
    .addColumn('problem', 'varchar(40)')
    .addColumn('heard_at', 'bigint', column => column.notNull())
    .addColumn('heard_id', 'varchar(26)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('identity_departments_unit', ['unit_id'])
    .execute()
}
