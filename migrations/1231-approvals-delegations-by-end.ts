import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_delegations_by_end').on('approvals_delegations').columns(['ends_at', 'person_id']).execute()
}
