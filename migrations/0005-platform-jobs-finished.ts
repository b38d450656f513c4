import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('jobs_finished').on('jobs').columns(['status', 'finished_at']).execute()
}
