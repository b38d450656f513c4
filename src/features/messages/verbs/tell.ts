import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue, enqueueAll } from '../../../platform/jobs.ts'
import type { CardAsk, Fact, FileRef } from '../content.ts'
import { releaseHeld, sendMail, sendWecom } from '../jobs/define.ts'
import { cardsOf, insertCards } from '../store/cards.ts'
import { insertDeliveries } from '../store/deliveries.ts'
import { insertMessages } from '../store/messages.ts'
import { preferencesOf } from '../store/preferences.ts'
import type { Card, Delivery, MessageRow, Part } from '../tables.ts'
import { heldBy } from '../quiet.ts'

export type Tell = {
  /** person's id */
  to: string
  kind: string
  title: string
  lines: readonly Fact[]
  /** path in the hall */
  url?: string | undefined
  /** id of the thing it is about */
  subject: string
  text?: string | undefined
  /** with buttons; one card per task and person, a second telling of the same task comes without */
  card?: CardAsk | undefined
  /** goes after the words, as a message of its own */
  file?: FileRef | undefined
  /** goes out whatever the person's quiet hours and digest say */
  urgent?: boolean | undefined
}

export type Mailing = {
  to_address: string
  person_id: string | null
  kind: string
  subject_line: string
  text: string
  html?: string | undefined
  attachments: readonly FileRef[]
  subject: string
}

export type Binding = {
  wecomUseridOf(db: Db, person_id: string): Promise<string | null>
  /** by person; who has none is not among them */
  wecomUseridsOf(db: Db, person_ids: readonly string[]): Promise<ReadonlyMap<string, string>>
}

type Bound = Pick<Binding, 'wecomUseridsOf'>

/** Tells a person something through WeCom: kept now, sent by job; without a WeCom binding it waits for one. Returns the message's id. */
export async function tell(tx: Tx, binding: Bound, told: Tell): Promise<string> {
  const [id = ''] = await tellAll(tx, binding, [told])
  return id
}

/** Several messages at once, in no more statements than one. Returns their ids. */
export async function tellAll(tx: Tx, { wecomUseridsOf }: Bound, all: readonly Tell[]): Promise<string[]> {
  const bound = await wecomUseridsOf(tx, [...new Set(all.map(told => told.to))])
  const cards = Map.groupBy(await cardsOf(tx, [...new Set(all.flatMap(told => told.card?.task_id ?? []))]), card => card.task_id)
  const dueOf = heldBy(await preferencesOf(tx, [...bound.keys()]), tx.bus.clock.now())
  const envelopes = all.map(told => envelope(tx, told, { bound: bound.has(told.to), due: told.urgent ? null : dueOf(told.to), cards }))
  await insertMessages(tx, envelopes.map(({ message }) => message))
  await insertDeliveries(tx, envelopes.flatMap(({ deliveries }) => deliveries))
  await insertCards(tx, envelopes.flatMap(({ card }) => card ?? []))
  const [sent, waiting, held] = (['queued', 'waiting', 'held'] as const).map(status => envelopes.filter(({ first }) => first.status === status))
  await enqueueAll(tx, sendWecom, (sent ?? []).map(({ first }) => ({ delivery_id: first.id })))
  // Where no binding was seen, one may be on its way in another transaction, which did not see this message either: look again when both are over.
  await enqueueAll(tx, sendWecom, (waiting ?? []).map(({ first }) => ({ delivery_id: first.id })), { at: tx.bus.clock.now() + 60_000 })
  for (const { first } of held ?? []) await enqueue(tx, releaseHeld, { person_id: first.person_id ?? '' }, { at: first.due_at ?? 0 })
  return envelopes.map(({ message }) => message.id)
}

/** Sends a mail by job. Returns the delivery's id. */
export async function mail(tx: Tx, mailing: Mailing): Promise<string> {
  const message = mailed(tx, mailing)
  const { id: message_id, person_id, subject } = message
  await insertMessages(tx, [message])
  const delivery_id = await queue(tx, { message_id, person_id, subject, channel: 'mail', part: 'mail', address: mailing.to_address, status: 'queued' })
  await enqueue(tx, sendMail, { delivery_id })
  return delivery_id
}

type Queued = Pick<Delivery, 'message_id' | 'person_id' | 'subject' | 'channel' | 'part'> & { status: 'queued' | 'waiting' | 'held' } & Partial<Pick<Delivery, 'address' | 'resent_from' | 'due_at'>>

/** A new delivery of a message. Returns its id. */
export async function queue(tx: Tx, queued: Queued): Promise<string> {
  const row = delivery(tx, queued)
  await insertDeliveries(tx, [row])
  return row.id
}

function delivery(tx: Tx, { message_id, person_id, subject, channel, part, status, address = null, resent_from = null, due_at = null }: Queued): Delivery {
  const now = tx.bus.clock.now()
  return {
    id: newId(), message_id, person_id, subject, channel, part, status, address, resent_from, body: null, media_id: null, media_at: null, tries: 0,
    started_at: null, msgid: null, reason: null, code: null, detail: null, created_at: now, changed_at: now, due_at,
  }
}

type Envelope = { message: MessageRow; deliveries: Delivery[]; first: Delivery; card: Card | null }

/** The rows of one message. `cards`: those there are by task, to which its own is added. */
function envelope(tx: Tx, told: Tell, { bound, due, cards }: { bound: boolean; due: number | null; cards: Map<string, Card[]> }): Envelope {
  const message = kept(tx, told)
  const others = told.card ? cards.get(told.card.task_id) ?? [] : []
  const asked = told.card && !others.some(card => card.person_id === told.to) ? told.card : null
  const part = (name: Part, due_at: number | null = null) => delivery(tx, {
    message_id: message.id, person_id: told.to, subject: told.subject, channel: 'wecom', part: name, status: !bound ? 'waiting' : due_at === null ? 'queued' : 'held', due_at: bound ? due_at : null,
  })
  const first = part(asked ? 'card' : 'textcard', due)
  const card = asked && openCard(tx, asked.task_id, { person_id: told.to, delivery_id: first.id, first: others.length === 0 })
  if (card) cards.set(card.task_id, [...others, card])
  return { message, deliveries: [first, ...told.file ? [part('file')] : []], first, card }
}

// WeCom wants a task_id that is unique in the app. The first card of a task has the task's own; a further person's has a tail.
function openCard(tx: Tx, task_id: string, { person_id, delivery_id, first }: { person_id: string; delivery_id: string; first: boolean }): Card {
  const id = newId()
  const now = tx.bus.clock.now()
  return {
    id, task_id, person_id, delivery_id, wecom_task_id: first ? task_id : `${task_id}@${id}`, status: 'open', text: null,
    response_code: null, code_expires_at: null, tries: 0, created_at: now, changed_at: now,
  }
}

function kept(tx: Tx, { to, kind, title, lines, url, subject, text, card, file }: Tell): MessageRow {
  return {
    id: newId(), person_id: to, kind, title: title.slice(0, 255), facts: JSON.stringify(lines), url: url ?? null, subject, text: text ?? null, html: null,
    card: card ? JSON.stringify(card) : null, files: JSON.stringify(file ? [file] : []), created_at: tx.bus.clock.now(),
  }
}

function mailed(tx: Tx, { person_id, kind, subject_line, text, html, attachments, subject }: Mailing): MessageRow {
  return {
    id: newId(), person_id, kind, title: subject_line.slice(0, 255), facts: '[]', url: null, subject, text, html: html ?? null,
    card: null, files: JSON.stringify(attachments), created_at: tx.bus.clock.now(),
  }
}
