import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('helpdesk_entries').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('ticket_id', 'varchar(26)', column => column.notNull())
    .addColumn('kind', 'varchar(10)', column => column.notNull())
    .addColumn('author_id', 'varchar(26)', column => column.notNull())
    .addColumn('author_name', 'varchar(64)', column => column.notNull())
    .addColumn('text', sql`longtext`, column => column.notNull())
    .addColumn('told', 'varchar(10)')
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}
