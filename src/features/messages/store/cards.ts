import type { Updateable } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import { insertRows, prepared, type Value } from '../../../platform/prepared.ts'
import type { Card, MessagesTables } from '../tables.ts'

type Columns = Omit<Updateable<MessagesTables['messages_cards']>, 'id' | 'status'>

export function insertCards(tx: Tx, rows: readonly Card[]): Promise<void> {
  return insertRows(tx, 'messages_cards', rows)
}

export async function findCard(db: Db, id: string): Promise<Card | undefined> {
  return await db.selectFrom('messages_cards').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findCardByDelivery(db: Db, delivery_id: string): Promise<Card | undefined> {
  return await db.selectFrom('messages_cards').selectAll().where('delivery_id', '=', delivery_id).executeTakeFirst()
}

/** The cards of a task, of one person or of all. */
export async function listCards(db: Db, task_id: string, person_id?: string): Promise<Card[]> {
  return person_id === undefined ? await cardsOf(db, [task_id]) : await ofPerson(db, { task_id, person_id })
}

/** Everybody's cards of these tasks. */
export async function cardsOf(db: Db, task_ids: readonly string[]): Promise<Card[]> {
  return task_ids.length > 0 ? await ofTasks(db, { task_ids }) : []
}

const ofTasks = prepared((db: Db, value: Value<{ task_ids: readonly string[] }>) =>
  db.selectFrom('messages_cards').selectAll().where('task_id', 'in', value('task_ids')).orderBy('id'))
const ofPerson = prepared((db: Db, value: Value<{ task_id: string; person_id: string }>) =>
  db.selectFrom('messages_cards').selectAll().where('task_id', '=', value('task_id')).where('person_id', '=', value('person_id')).orderBy('id'))

/** A person's cards with buttons, and where each of them went. */
export async function openCardsOf(db: Db, person_id: string): Promise<(Card & { address: string | null })[]> {
  return await db.selectFrom('messages_cards as c').innerJoin('messages_deliveries as d', 'd.id', 'c.delivery_id').selectAll('c').select('d.address')
    .where('c.person_id', '=', person_id).where('c.status', '=', 'open').orderBy('c.id').execute()
}

/** The card that a click names by its task_id, if it went to this member. */
export async function cardSentTo(db: Db, wecom_task_id: string, userid: string): Promise<Card | undefined> {
  const found = await db.selectFrom('messages_cards as c').innerJoin('messages_deliveries as d', 'd.id', 'c.delivery_id').selectAll('c').select('d.address')
    .where('c.wecom_task_id', '=', wecom_task_id).executeTakeFirst()
  return found?.address?.toLowerCase() === userid.toLowerCase() ? found : undefined
}

/** Everything but the status, which only the machine changes. */
export async function setCard(tx: Tx, id: string, columns: Columns): Promise<void> {
  await tx.updateTable('messages_cards').set(columns).where('id', '=', id).execute()
}
