import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_import_rows_by_outcome').on('identity_import_rows').columns(['import_id', 'outcome', 'line']).execute()
}
