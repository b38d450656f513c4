import type { Tx } from '../../../platform/db.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import { factsOf, titleOver } from '../content.ts'
import { updateCard } from '../jobs/define.ts'
import { cardMachine, CODE_LIFE, deliveryMachine } from '../rules.ts'
import { findCard, listCards, setCard } from '../store/cards.ts'
import { getDelivery } from '../store/deliveries.ts'
import { getMessage } from '../store/messages.ts'
import type { Card } from '../tables.ts'
import { type Binding, tell } from './tell.ts'

/** Ends the cards of a task, one person's or everybody's: the buttons give way to `text`. One job for each card. */
export async function closeCard(tx: Tx, { task_id, person_id, text }: { task_id: string; person_id?: string | undefined; text: string }): Promise<void> {
  for (const card of await listCards(tx, task_id, person_id)) {
    const said = { text: text.slice(0, 500), changed_at: tx.bus.clock.now() }
    if (card.status !== 'open') await setCard(tx, card.id, said)
    else await begin(tx, card.id, 'close', said)
  }
}

/** A click brought a fresh code that allows one more update. On a card that should have no buttons any more, it is closed again with what is true now. */
export async function cardClicked(tx: Tx, { task_id, person_id, response_code, at }: { task_id: string; person_id: string; response_code: string; at: number }): Promise<void> {
  const [card] = await listCards(tx, taskOf(task_id), person_id)
  if (!card) return
  const fresh = { response_code, code_expires_at: at + CODE_LIFE, tries: 0, changed_at: tx.bus.clock.now() }
  await proveArrived(tx, card)
  if (card.status === 'closed') await begin(tx, card.id, 'reclose', fresh)
  else await setCard(tx, card.id, fresh)
}

/** The task of a card by the task_id that a click names. */
export function taskOf(wecom_task_id: string): string {
  return wecom_task_id.split('@', 1)[0] ?? wecom_task_id
}

/** The phone shows `text` now. False where something else was to be said meanwhile: the card stays to be changed. */
export async function recordClosed(tx: Tx, { id }: Card, text: string): Promise<boolean> {
  const card = await findCard(tx, id)
  const spent = { response_code: null, code_expires_at: null, tries: 0, changed_at: tx.bus.clock.now() }
  if (card?.text !== text) {
    await setCard(tx, id, spent)
    return false
  }
  await move(tx, cardMachine, { id }, 'done', { actor: null, set: spent })
  return true
}

/** The card cannot be changed any more: a new message says what it cannot. */
export async function recordSuperseded(tx: Tx, binding: Pick<Binding, 'wecomUseridsOf'>, card: Card): Promise<void> {
  const { message_id } = await getDelivery(tx, card.delivery_id)
  const { kind, subject, url, ...message } = await getMessage(tx, message_id)
  const text = (await findCard(tx, card.id))?.text ?? ''
  await tell(tx, binding, { to: card.person_id, kind, title: titleOver(message), lines: factsOf(message), subject, text, url: url ?? undefined })
  await recordClosed(tx, card, text)
}

async function begin(tx: Tx, card_id: string, verb: 'close' | 'reclose', set: Record<string, string | number | null>): Promise<void> {
  await move(tx, cardMachine, { id: card_id }, verb, { actor: null, set })
  await enqueue(tx, updateCard, { card_id })
}

async function proveArrived(tx: Tx, { delivery_id }: Card): Promise<void> {
  const { id, status } = await getDelivery(tx, delivery_id)
  if (status !== 'unknown') return
  await move(tx, deliveryMachine, { id }, 'prove', { actor: null, data: { delivery_id: id }, set: { reason: null, code: null, detail: null, changed_at: tx.bus.clock.now() } })
}
