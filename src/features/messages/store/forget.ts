import type { Tx } from '../../../platform/db.ts'

/** Deletes everything that was said about a thing, however it was sent; how many messages. */
export async function forget(tx: Tx, subject: string): Promise<number> {
  const deliveries = await tx.selectFrom('messages_deliveries').select(['id', 'message_id']).where('subject', '=', subject).execute()
  for (let from = 0; from < deliveries.length; from += 500) {
    const slice = deliveries.slice(from, from + 500)
    await tx.deleteFrom('messages_cards').where('delivery_id', 'in', slice.map(({ id }) => id)).execute()
    await tx.deleteFrom('messages_deliveries').where('id', 'in', slice.map(({ id }) => id)).execute()
    await tx.deleteFrom('messages_messages').where('id', 'in', slice.map(({ message_id }) => message_id)).execute()
  }
  return new Set(deliveries.map(({ message_id }) => message_id)).size
}
