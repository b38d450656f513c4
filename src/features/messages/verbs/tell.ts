import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { CardAsk, Fact, FileRef } from '../content.ts'
import { sendMail, sendWecom } from '../jobs/define.ts'
import { insertCard, listCards } from '../store/cards.ts'
import { insertDelivery } from '../store/deliveries.ts'
import { insertMessage } from '../store/messages.ts'
import type { Delivery, Part } from '../tables.ts'

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

export type Binding = { wecomUseridOf(db: Db, person_id: string): Promise<string | null> }

/** Tells a person something through WeCom: kept now, sent by job; without a WeCom binding it waits for one. Returns the message's id. */
export async function tell(tx: Tx, { wecomUseridOf }: Binding, told: Tell): Promise<string> {
  const message_id = await keepTold(tx, told)
  const bound = await wecomUseridOf(tx, told.to) !== null
  const withCard = told.card !== undefined && (await listCards(tx, told.card.task_id, told.to)).length === 0
  const parts: Part[] = [withCard ? 'card' : 'textcard', ...(told.file ? ['file' as const] : [])]
  const ids: string[] = []
  for (const part of parts) {
    ids.push(await queue(tx, { message_id, person_id: told.to, subject: told.subject, channel: 'wecom', part, status: bound ? 'queued' : 'waiting' }))
  }
  const [first = ''] = ids
  if (withCard && told.card) await openCard(tx, told.card.task_id, told.to, first)
  // Where no binding was seen, one may be on its way in another transaction, which did not see this message either: look again when both are over.
  await enqueue(tx, sendWecom, { delivery_id: first }, bound ? {} : { at: tx.bus.clock.now() + 60_000 })
  return message_id
}

/** Sends a mail by job. Returns the delivery's id. */
export async function mail(tx: Tx, mailing: Mailing): Promise<string> {
  const message_id = await keepMailing(tx, mailing)
  const { person_id, subject, to_address: address } = mailing
  const delivery_id = await queue(tx, { message_id, person_id, subject, channel: 'mail', part: 'mail', address, status: 'queued' })
  await enqueue(tx, sendMail, { delivery_id })
  return delivery_id
}

type Queued = Pick<Delivery, 'message_id' | 'person_id' | 'subject' | 'channel' | 'part'> & { status: 'queued' | 'waiting' } & Partial<Pick<Delivery, 'address' | 'resent_from'>>

/** A new delivery of a message. Returns its id. */
export async function queue(tx: Tx, { address = null, resent_from = null, ...delivery }: Queued): Promise<string> {
  const id = newId()
  const now = tx.bus.clock.now()
  await insertDelivery(tx, {
    ...delivery, id, address, resent_from, body: null, media_id: null, media_at: null, tries: 0, started_at: null, msgid: null,
    reason: null, code: null, detail: null, created_at: now, changed_at: now,
  })
  return id
}

// WeCom wants a task_id that is unique in the app. The first card of a task has the task's own; a further person's has a tail.
async function openCard(tx: Tx, task_id: string, person_id: string, delivery_id: string): Promise<void> {
  const id = newId()
  const now = tx.bus.clock.now()
  const others = await listCards(tx, task_id)
  await insertCard(tx, {
    id, task_id, person_id, delivery_id, wecom_task_id: others.length === 0 ? task_id : `${task_id}@${id}`, status: 'open', text: null,
    response_code: null, code_expires_at: null, tries: 0, created_at: now, changed_at: now,
  })
}

async function keepTold(tx: Tx, { to, kind, title, lines, url, subject, text, card, file }: Tell): Promise<string> {
  const id = newId()
  await insertMessage(tx, {
    id, person_id: to, kind, title: title.slice(0, 255), facts: JSON.stringify(lines), url: url ?? null, subject, text: text ?? null, html: null,
    card: card ? JSON.stringify(card) : null, files: JSON.stringify(file ? [file] : []), created_at: tx.bus.clock.now(),
  })
  return id
}

async function keepMailing(tx: Tx, { person_id, kind, subject_line, text, html, attachments, subject }: Mailing): Promise<string> {
  const id = newId()
  await insertMessage(tx, {
    id, person_id, kind, title: subject_line.slice(0, 255), facts: '[]', url: null, subject, text, html: html ?? null,
    card: null, files: JSON.stringify(attachments), created_at: tx.bus.clock.now(),
  })
  return id
}
