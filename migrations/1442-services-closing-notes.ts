import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('services_closing_notes').ifNotExists()
    .addColumn('application_id', 'varchar(26)', column => column.notNull())
    .addColumn('closes', 'varchar(16)', column => column.notNull())
    .addPrimaryKeyConstraint('services_closing_notes_key', ['application_id', 'closes'])
    .execute()
}
