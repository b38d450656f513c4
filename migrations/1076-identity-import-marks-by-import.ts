import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_import_marks_by_import').on('identity_import_marks').columns(['import_id', 'id']).execute()
}
