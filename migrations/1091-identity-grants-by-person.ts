import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_grants_by_person').on('identity_grants').columns(['person_id', 'ended_at']).execute()
}
