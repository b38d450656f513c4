import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('hall_slides').addColumn('title_en', 'varchar(120)').execute()
}
