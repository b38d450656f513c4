import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_calls_of_instance').on('approvals_calls').columns(['instance_id', 'id']).execute()
}
