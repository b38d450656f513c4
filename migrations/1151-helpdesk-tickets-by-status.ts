import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('helpdesk_tickets_by_status').ifNotExists().on('helpdesk_tickets').columns(['status', 'id']).execute()
}
