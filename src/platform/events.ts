import type { Static, TObject } from 'typebox'
import type { Clock } from './clock.ts'
import type { Db, Tx } from './db.ts'
import { newId } from './ids.ts'
import { type Enqueued, enqueue, type Job } from './jobs.ts'
import { insertRows } from './prepared.ts'
import { check } from './schema.ts'

/** Who did it: the person, and the number (学工号) they acted under. */
export type Actor = { person_id: string; number: string | null }

export type EventType<Data> = { readonly name: string; readonly schema: TObject; readonly shape?: Data }
export type EventMeta = { id: string; at: number; actor: Actor | null; subject: string }
export type Reaction = { readonly event: string; run(tx: Tx, data: Record<string, unknown>, meta: EventMeta): Promise<void> }
export type EventRow = { id: string; name: string; subject: string; actor_id: string | null; actor_number: string | null; at: number; data: Record<string, unknown> }

/** Who hears what; filled once by app.ts from the list of features. */
export type Listeners = { readonly reactions: Map<string, Reaction[]>; readonly jobs: Map<string, Job[]> }

/** What a transaction carries so that verbs can announce and enqueue. */
export type Bus = { readonly clock: Clock; readonly listeners: Listeners; readonly enqueued: Enqueued[] }

export interface EventsTable {
  id: string
  name: string
  subject: string
  actor_id: string | null
  actor_number: string | null
  at: number
  data: string
  /** position in the chain and its hash, written in order by a job; null until then */
  chain: number | null
  hash: string | null
}

/** Something that happened, named in the past: `services.application-approved`. Its data are ids only. */
export function defineEvent<Schema extends TObject>(name: string, schema: Schema): EventType<Static<Schema>> {
  return { name, schema }
}

/** What must agree at once: runs in the emitter's transaction, and calls verbs only. */
export function defineReaction<Data>(event: EventType<Data>, run: (tx: Tx, data: Data, meta: EventMeta) => Promise<void>): Reaction {
  return { event: event.name, run: (tx, data, meta) => run(tx, check<Data>(event.schema, data), meta) }
}

/**
 * Keeps what happened (timeline and audit log at once), runs the reactions in the same transaction
 * and enqueues one job for each that listens.
 */
export function emit<Data extends object>(tx: Tx, event: EventType<Data>, data: Data, about: { subject: string; actor: Actor | null }): Promise<void> {
  return emitAll(tx, event, [data], about)
}

/** The same thing happened several times at once, as to each of several tasks. */
export function emitAll<Data extends object>(tx: Tx, event: EventType<Data>, all: readonly Data[], { subject, actor }: { subject: string; actor: Actor | null }): Promise<void> {
  return emitEach(tx, event, all.map(data => ({ subject, data })), actor)
}

/** The same thing happened to several at once, as to each person of a roster. */
export async function emitEach<Data extends object>(tx: Tx, event: EventType<Data>, all: readonly { subject: string; data: Data }[], actor: Actor | null): Promise<void> {
  const at = tx.bus.clock.now()
  const happened = all.map(({ subject, data }) => ({ id: newId(), subject, data: check<Record<string, unknown>>(event.schema, data) }))
  await insertRows(tx, 'events', happened.map(({ id, subject, data }) => ({
    id, name: event.name, subject, at, data: JSON.stringify(data), chain: null, hash: null,
    actor_id: actor?.person_id ?? null, actor_number: actor?.number ?? null,
  })))
  for (const { id, subject, data } of happened) {
    for (const reaction of tx.bus.listeners.reactions.get(event.name) ?? []) await reaction.run(tx, data, { id, at, subject, actor })
    for (const job of tx.bus.listeners.jobs.get(event.name) ?? []) await enqueue(tx, job, data, { key: `${job.name}-${id}`, subject })
  }
}

/** The timeline of one thing, oldest first. */
export async function eventsOf(db: Db, subject: string): Promise<EventRow[]> {
  const rows = await db.selectFrom('events').select(['id', 'name', 'subject', 'actor_id', 'actor_number', 'at', 'data'])
    .where('subject', '=', subject).orderBy('id').execute()
  return rows.map(row => ({ ...row, data: JSON.parse(row.data) }))
}
