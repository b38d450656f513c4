import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('messages_deliveries').addColumn('due_at', 'bigint').execute()
}
