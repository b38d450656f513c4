import { AppError } from '../../../platform/errors.ts'
import { type Outcome, type Running, work, type Work } from '../../../platform/jobs.ts'
import { closedCard } from '../content.ts'
import { canUpdate } from '../rules.ts'
import { findCard, setCard } from '../store/cards.ts'
import { getDelivery } from '../store/deliveries.ts'
import { getMessage } from '../store/messages.ts'
import type { Card, Delivery } from '../tables.ts'
import { recordClosed, recordSuperseded } from '../verbs/cards.ts'
import { recordDropped } from '../verbs/deliver.ts'
import { updateCard } from './define.ts'
import type { SendWecomDeps } from './send-wecom.ts'

const CODE_SPENT = 'wecom:60140'
const LOOK_AGAIN = 10_000

/** Changes a card to what is true now, by the code we hold; where there is none any more, a new message says it. */
export function updateCardWork(deps: SendWecomDeps): Work {
  return work(updateCard, ({ card_id }, job) => update(deps, card_id, job).catch(lookAgain))
}

async function update(deps: SendWecomDeps, card_id: string, job: Running): Promise<Outcome> {
  const { database: { db, write }, clock } = deps
  const card = await findCard(db, card_id)
  if (card?.status !== 'closing') return
  const delivery = await getDelivery(db, card.delivery_id)
  if (delivery.status === 'sending') return { later: LOOK_AGAIN }
  if (delivery.status === 'waiting' || delivery.status === 'queued' || delivery.status === 'held') {
    return await write(async tx => { await job.hold(tx); await recordDropped(tx, delivery); await recordClosed(tx, card, card.text ?? '') })
  }
  // It never came to the phone: there is nothing to change.
  if (delivery.status === 'refused' || delivery.status === 'dropped' || delivery.status === 'merged') return await close(deps, card, job)
  if (canUpdate(card, clock.now())) return await change(deps, card, delivery, job)
  await supersede(deps, card, job)
}

// The card's sending went on between our look and our word: what became of it decides what is to be done now.
function lookAgain(error: unknown): Outcome {
  if (error instanceof AppError && error.code?.startsWith('status:')) return { later: 1 }
  throw error
}

async function change(deps: SendWecomDeps, card: Card, delivery: Delivery, job: Running): Promise<Outcome> {
  const { database: { db, write }, wecom, publicUrl } = deps
  const message = await getMessage(db, delivery.message_id)
  await write(async tx => { await job.hold(tx); await setCard(tx, card.id, { tries: card.tries + 1 }) })
  try {
    const to = { card: closedCard(message, delivery, card.text ?? '', publicUrl) }
    await wecom.updateCard({ userids: [delivery.address ?? ''], response_code: card.response_code ?? '', to })
  } catch (error) {
    return await failed(deps, card, job, error)
  }
  return await close(deps, card, job)
}

async function close({ database: { write } }: SendWecomDeps, card: Card, job: Running): Promise<Outcome> {
  const closed = await write(async tx => { await job.hold(tx); return await recordClosed(tx, card, card.text ?? '') })
  if (!closed) return { later: 1 } // another sentence came meanwhile
}

async function supersede({ database: { write }, ...binding }: SendWecomDeps, card: Card, job: Running): Promise<void> {
  await write(async tx => { await job.hold(tx); await recordSuperseded(tx, binding, card) })
}

async function failed(deps: SendWecomDeps, card: Card, job: Running, error: unknown): Promise<Outcome> {
  if (!(error instanceof AppError) || !error.code?.startsWith('wecom:')) throw error
  const now = await findCard(deps.database.db, card.id)
  if (error.kind !== 'upstream' && now?.response_code !== card.response_code) return { later: 1 } // a click brought a fresh code meanwhile
  // Spent after a try whose answer we never saw: it was our own try that spent it.
  if (error.code === CODE_SPENT && card.tries > 0) return await close(deps, card, job)
  if (error.kind !== 'upstream') return await supersede(deps, card, job)
  if (error.retryAfter !== undefined) return { later: error.retryAfter }
  throw error
}
