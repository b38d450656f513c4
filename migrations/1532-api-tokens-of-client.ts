import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('api_tokens_of_client').on('api_tokens').columns(['client_id', 'created_at']).execute()
}
