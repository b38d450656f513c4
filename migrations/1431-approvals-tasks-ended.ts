import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_tasks_ended').on('approvals_tasks').columns(['status', 'ended_at']).execute()
}
