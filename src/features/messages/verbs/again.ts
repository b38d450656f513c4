import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import { deliveryResent } from '../events.ts'
import { sendMail, sendWecom } from '../jobs/define.ts'
import { canResend, deliveryMachine } from '../rules.ts'
import { findCardByDelivery, setCard } from '../store/cards.ts'
import { getDelivery, listWaiting } from '../store/deliveries.ts'
import type { Delivery, Part } from '../tables.ts'
import { queue } from './tell.ts'

/** A person sends a message again: a new delivery that points to the old one. Returns its id. */
export async function resend(tx: Tx, actor: Actor, delivery_id: string): Promise<string> {
  const old = await getDelivery(tx, delivery_id)
  if (!canResend(old.status)) throw new AppError('conflict', '这条通知还在发送，不用再发一次')
  const { message_id, person_id, subject, channel } = old
  const part = await partAgain(tx, old)
  const address = channel === 'mail' ? old.address : null
  const id = await queue(tx, { message_id, person_id, subject, channel, part, address, status: 'queued', resent_from: old.id })
  if (part === 'card') await moveCard(tx, old.id, id)
  await enqueue(tx, channel === 'mail' ? sendMail : sendWecom, { delivery_id: id })
  await emit(tx, deliveryResent, { delivery_id: id }, { subject, actor })
  return id
}

/** Sends what waited for a person's WeCom binding. Called after binding. */
export async function flushWaiting(tx: Tx, person_id: string): Promise<void> {
  const begun = new Set<string>()
  for (const { id, message_id } of await listWaiting(tx, person_id)) {
    await move(tx, deliveryMachine, { id }, 'bind', { actor: null, set: { changed_at: tx.bus.clock.now() } })
    if (!begun.has(message_id)) await enqueue(tx, sendWecom, { delivery_id: id })
    begun.add(message_id) // the parts after it follow by themselves
  }
}

// A card that may be on the phone already is not sent twice: the same task_id would be refused. The words and the way to the page are.
async function partAgain(tx: Tx, { id, part, status }: Delivery): Promise<Part> {
  if (part !== 'card') return part
  const card = status === 'refused' ? await findCardByDelivery(tx, id) : undefined
  return card?.status === 'open' ? 'card' : 'textcard'
}

async function moveCard(tx: Tx, from: string, delivery_id: string): Promise<void> {
  const card = await findCardByDelivery(tx, from)
  if (card) await setCard(tx, card.id, { delivery_id, changed_at: tx.bus.clock.now() })
}
