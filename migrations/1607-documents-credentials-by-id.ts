import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_credentials_by_id').on('documents_credentials').columns(['id']).execute()
}
