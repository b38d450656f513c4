import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('ratings_follow_ups_by_status').on('ratings_follow_ups').columns(['status', 'due_at', 'id']).execute()
}
