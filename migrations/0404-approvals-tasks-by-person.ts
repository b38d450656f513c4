import type { Kysely } from 'kysely'

// Open tasks (ended_at null, by id), done tasks (by ended_at, id) and both counts are ranges of this one index.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_tasks_by_person').on('approvals_tasks').columns(['person_id', 'status', 'ended_at', 'id']).execute()
}
