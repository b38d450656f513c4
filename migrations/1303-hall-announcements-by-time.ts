import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('hall_announcements_by_time').on('hall_announcements').columns(['pinned', 'starts_at', 'id']).execute()
}
