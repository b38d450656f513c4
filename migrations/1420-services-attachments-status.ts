import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('services_attachments').addColumn('status', 'varchar(16)', column => column.notNull().defaultTo('unscanned')).execute()
}
