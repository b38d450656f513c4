import type { Kysely } from 'kysely'

/** Who is here and not in the file. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_import_rows_by_number').on('identity_import_rows').columns(['import_id', 'number']).execute()
}
