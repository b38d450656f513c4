import type { Insertable, Updateable } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import type { Card, MessagesTables } from '../tables.ts'

type Columns = Omit<Updateable<MessagesTables['messages_cards']>, 'id' | 'status'>

export async function insertCard(tx: Tx, row: Insertable<MessagesTables['messages_cards']>): Promise<void> {
  await tx.insertInto('messages_cards').values(row).execute()
}

export async function findCard(db: Db, id: string): Promise<Card | undefined> {
  return await db.selectFrom('messages_cards').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findCardByDelivery(db: Db, delivery_id: string): Promise<Card | undefined> {
  return await db.selectFrom('messages_cards').selectAll().where('delivery_id', '=', delivery_id).executeTakeFirst()
}

/** The cards of a task, of one person or of all. */
export async function listCards(db: Db, task_id: string, person_id?: string): Promise<Card[]> {
  const query = db.selectFrom('messages_cards').selectAll().where('task_id', '=', task_id).orderBy('id')
  return await (person_id === undefined ? query : query.where('person_id', '=', person_id)).execute()
}

/** Everything but the status, which only the machine changes. */
export async function setCard(tx: Tx, id: string, columns: Columns): Promise<void> {
  await tx.updateTable('messages_cards').set(columns).where('id', '=', id).execute()
}
