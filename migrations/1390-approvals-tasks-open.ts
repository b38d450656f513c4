import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_tasks_open').on('approvals_tasks').columns(['status', 'person_id']).execute()
}
