import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('services_applications').addColumn('warned_at', 'bigint').execute()
}
