import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_revisions').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('application_id', 'varchar(26)', column => column.notNull())
    .addColumn('revision', 'integer', column => column.notNull())
    .addColumn('form', sql`longtext`, column => column.notNull())
    .addColumn('submitted_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('services_revisions_number', ['application_id', 'revision'])
    .execute()
}
