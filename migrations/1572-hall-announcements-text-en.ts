import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('hall_announcements').addColumn('text_en', sql`longtext`).execute()
}
