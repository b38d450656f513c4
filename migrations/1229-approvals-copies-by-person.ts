import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('approvals_copies_by_person').on('approvals_copies').columns(['person_id', 'id']).execute()
}
