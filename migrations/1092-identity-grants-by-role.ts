import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_grants_by_role').on('identity_grants').columns(['role', 'ended_at']).execute()
}
