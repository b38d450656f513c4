import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals_tasks').addColumn('draft', sql`longtext`).execute()
}
