import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_nodes_open').on('approvals_nodes').columns(['status', 'due_at']).execute()
}
