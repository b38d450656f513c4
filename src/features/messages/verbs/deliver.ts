import type { Tx } from '../../../platform/db.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import { sendWecom } from '../jobs/define.ts'
import { CODE_LIFE, deliveryMachine, domainOf, nextSlot, PACE, paceWait, PLACE_HOLDS } from '../rules.ts'
import { findCardByDelivery, setCard } from '../store/cards.ts'
import { findNextQueued, lockPace, nthLastStart, setDue } from '../store/deliveries.ts'
import { keepSlots, lockDomain } from '../store/domains.ts'
import type { Delivery } from '../tables.ts'

/** Mails a minute to one domain: to each, and to those that have a number of their own. */
export type PerMinute = { usual: number; of: Readonly<Record<string, number>> }

/** Why a delivery ended as it did: a sentence, the code behind it, the other side's own words. */
export type Why = { reason: string; code?: string | undefined; detail?: string | undefined }

/** Sending begins: from now on `body` may have reached the other side. */
export async function start(tx: Tx, { id }: Delivery, { address, body }: { address: string; body: string | null }): Promise<void> {
  const now = tx.bus.clock.now()
  await change(tx, id, 'start', { address, body, started_at: now, tries: 1, due_at: null, ...why(null) })
}

/** Milliseconds to wait before a member may get one more message; whoever gets 0 holds the place until the transaction ends. */
export async function waitForPace(tx: Tx, address: string): Promise<number> {
  const now = tx.bus.clock.now()
  await lockPace(tx, address, now)
  const nth = []
  for (const pace of PACE) nth.push(await nthLastStart(tx, address, pace.count, now - pace.within))
  return paceWait(nth, now)
}

/** Milliseconds until a mail may go to its domain; its place is kept on the delivery. 0: now. */
export async function waitForDomain(tx: Tx, { id, address, due_at }: Delivery, perMinute: PerMinute): Promise<number> {
  const now = tx.bus.clock.now()
  if (due_at !== null && due_at > now - PLACE_HOLDS) return Math.max(0, due_at - now)
  const domain = domainOf(address ?? '')
  const { at, slots } = nextSlot(await lockDomain(tx, domain, now), now, perMinute.of[domain] ?? perMinute.usual)
  await keepSlots(tx, domain, slots)
  await setDue(tx, id, at)
  return at - now
}

/** Nothing reached the other side: it is queued as before. */
export async function release(tx: Tx, { id }: Delivery, because: Why): Promise<void> {
  await change(tx, id, 'release', { body: null, started_at: null, tries: 0, due_at: null, ...why(because) })
}

/** The other side took it. A card's code allows one update; a suppressed duplicate brings none. */
export async function recordSent(tx: Tx, delivery: Delivery, { msgid, response_code }: { msgid?: string; response_code?: string | null }): Promise<void> {
  const now = tx.bus.clock.now()
  await change(tx, delivery.id, 'arrive', { msgid: msgid || null, ...why(null) })
  const card = delivery.part === 'card' && response_code ? await findCardByDelivery(tx, delivery.id) : undefined
  if (card) await setCard(tx, card.id, { response_code: response_code ?? null, code_expires_at: (delivery.started_at ?? now) + CODE_LIFE, tries: 0, changed_at: now })
  await next(tx, delivery)
}

/** The other side, or we before asking it, will not take it. */
export async function recordRefused(tx: Tx, delivery: Delivery, because: Why): Promise<void> {
  await change(tx, delivery.id, 'refuse', why(because))
  await next(tx, delivery)
}

/** 结果未知: it may have arrived; only a person sends it again. */
export async function recordUnknown(tx: Tx, delivery: Delivery, because: Why): Promise<void> {
  await change(tx, delivery.id, 'lose', why(because))
  await next(tx, delivery)
}

/** The thing ended before the message went out. */
export async function recordDropped(tx: Tx, delivery: Delivery): Promise<void> {
  await change(tx, delivery.id, 'drop', why({ reason: '事项已经结束，没有再发' }))
  await next(tx, delivery)
}

/** The person has no WeCom binding (any more): it waits for one. */
export async function recordUnbound(tx: Tx, { id }: Delivery): Promise<void> {
  await change(tx, id, 'unbind', {})
}

/** A mail server said that a mail is in its mailbox. */
export async function recordConfirmed(tx: Tx, id: string, because: Why): Promise<void> {
  await change(tx, id, 'confirm', why(because))
}

/** A mail that was taken came back. */
export async function recordBounced(tx: Tx, id: string, because: Why): Promise<void> {
  await change(tx, id, 'bounce', why(because))
}

type Verb = keyof typeof deliveryMachine.edges

async function change(tx: Tx, id: string, verb: Verb, set: Record<string, string | number | null>): Promise<void> {
  await move(tx, deliveryMachine, { id }, verb, { actor: null, data: { delivery_id: id }, set: { ...set, changed_at: tx.bus.clock.now() } })
}

function why(because: Why | null): Record<string, string | null> {
  return { reason: because?.reason.slice(0, 255) ?? null, code: because?.code?.slice(0, 40) ?? null, detail: because?.detail?.slice(0, 300) || null }
}

// The file follows the words, whatever became of them.
async function next(tx: Tx, delivery: Delivery): Promise<void> {
  const delivery_id = delivery.channel === 'wecom' ? await findNextQueued(tx, delivery) : undefined
  if (delivery_id) await enqueue(tx, sendWecom, { delivery_id })
}
