import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_contact_runs_by_kind').on('identity_contact_runs').columns(['kind', 'id']).execute()
}
