import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals_tasks').addColumn('due_at', 'bigint').execute()
}
