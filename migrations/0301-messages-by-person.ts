import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('messages_by_person').on('messages_messages').columns(['person_id', 'id']).execute()
}
