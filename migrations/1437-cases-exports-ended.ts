import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('cases_exports_ended').on('cases_exports').columns(['gone_at', 'ended_at']).execute()
}
