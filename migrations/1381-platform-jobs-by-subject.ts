import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('jobs_by_subject').on('jobs').columns(['subject', 'id']).execute()
}
