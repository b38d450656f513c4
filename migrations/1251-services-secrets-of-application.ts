import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_secrets_of_application').on('services_secrets').columns(['application_id', 'revision', 'field']).unique().execute()
}
