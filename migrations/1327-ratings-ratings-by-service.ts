import type { Kysely } from 'kysely'

// The counts of each step are read from this alone.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('ratings_ratings_by_service').on('ratings_ratings').columns(['service_key', 'step']).execute()
}
