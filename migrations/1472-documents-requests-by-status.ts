import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_requests_by_status').on('documents_requests').columns(['status', 'created_at']).execute()
}
