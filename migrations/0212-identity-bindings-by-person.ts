import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_bindings_by_person').on('identity_bindings').columns(['person_id']).execute()
}
