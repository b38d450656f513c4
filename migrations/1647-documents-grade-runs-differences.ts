import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('documents_grade_runs').addColumn('differences', sql`longtext`).execute()
}
