import type { Kysely } from 'kysely'

// How many papers a version of a template has given.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('documents_figures_by_version').on('documents_figures').columns(['figure', 'about', 'day']).execute()
}
