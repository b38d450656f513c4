import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('documents_documents').addColumn('sealed_by', 'varchar(64)').execute()
}
