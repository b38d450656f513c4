import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('helpdesk_entries_of_ticket').ifNotExists().on('helpdesk_entries').columns(['ticket_id', 'id']).execute()
}
