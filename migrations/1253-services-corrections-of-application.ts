import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('services_corrections_of_application').on('services_corrections').columns(['application_id', 'revision', 'field']).unique().execute()
}
