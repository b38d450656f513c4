import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('helpdesk_tickets').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('code', 'varchar(8)', column => column.notNull().unique())
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('person_id', 'varchar(26)')
    .addColumn('name', 'varchar(64)', column => column.notNull())
    .addColumn('number', 'varchar(64)', column => column.notNull())
    .addColumn('school', 'varchar(64)', column => column.notNull())
    .addColumn('contact_kind', 'varchar(5)', column => column.notNull())
    .addColumn('contact_sealed', sql`longtext`, column => column.notNull())
    .addColumn('problem', sql`longtext`, column => column.notNull())
    .addColumn('page', 'varchar(200)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .execute()
}
