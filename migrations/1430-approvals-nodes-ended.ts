import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_nodes_ended').on('approvals_nodes').columns(['kind', 'ended_at']).execute()
}
