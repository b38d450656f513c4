import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('privacy_consents').addColumn('about', 'varchar(64)').execute()
}
