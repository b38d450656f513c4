import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('messages_messages').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)')
    .addColumn('kind', 'varchar(60)', column => column.notNull())
    .addColumn('title', 'varchar(255)', column => column.notNull())
    .addColumn('facts', sql`longtext`, column => column.notNull())
    .addColumn('url', 'varchar(500)')
    .addColumn('subject', 'varchar(64)', column => column.notNull())
    .addColumn('text', sql`longtext`)
    .addColumn('html', sql`longtext`)
    .addColumn('card', sql`longtext`)
    .addColumn('files', sql`longtext`, column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}
