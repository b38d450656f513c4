import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_tasks_by_instance').on('approvals_tasks').columns(['instance_id', 'id']).execute()
}
