import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_decisions_by_instance').on('approvals_decisions').columns(['instance_id', 'id']).execute()
}
