import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('ratings_follow_ups').addColumn('reminded_at', 'bigint').execute()
}
