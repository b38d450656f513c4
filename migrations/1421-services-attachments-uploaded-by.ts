import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('services_attachments').addColumn('uploaded_by', 'varchar(26)').execute()
}
