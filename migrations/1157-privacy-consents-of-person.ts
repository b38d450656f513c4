import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('privacy_consents_of_person').ifNotExists().on('privacy_consents').columns(['person_id', 'id']).execute()
}
