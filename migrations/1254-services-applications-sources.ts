import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('services_applications').addColumn('sources', sql`longtext`).execute()
}
