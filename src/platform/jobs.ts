import { type Static, type TObject, Type } from 'typebox'
import { isDuplicate, type Tx } from './db.ts'
import type { EventType } from './events.ts'
import { newId } from './ids.ts'
import { insertRows } from './prepared.ts'
import { check } from './schema.ts'
import type { Timetable } from './timetable.ts'

/** A kind of work with its own concurrency (per process) and rate (over all processes with Redis, else per process). */
export type Queue = { readonly name: string; readonly concurrency: number; readonly perSecond?: number }

export type Job<Input = Record<string, unknown>> = {
  readonly name: string
  readonly queue: Queue
  readonly schema: TObject
  readonly on?: string
  readonly every?: Timetable
  /** tries before the row is dead */
  readonly attempts: number
  /** tries before it is dead where what failed is the outside (`upstream`), which may be away for days */
  readonly outages: number
  /** milliseconds a holder may be silent before another may take the job */
  readonly lease: number
  readonly shape?: Input
}

/** A run of a job: what its handler may know of it. */
export type Running = {
  id: string
  /** 1 for the first */
  attempt: number
  /** after this one the row is dead */
  last: boolean
  /** aborted when the lease is lost or the process stops */
  signal: AbortSignal
  /** Keeps the lease from inside the recording transaction; `conflict` when another has taken the job over. */
  hold(tx: Tx): Promise<void>
}

/** `later`: come again in so many milliseconds; does not count as a try. */
export type Outcome = { later: number } | void
export type Work = { readonly job: Job; run(input: Record<string, unknown>, running: Running): Promise<Outcome> }
export type Enqueued = { id: string; queue: string; attempt: number; due_at: number; priority: number }

export interface JobsTable {
  id: string
  name: string
  queue: string
  /** unique: a second row with the same is the same work */
  dedupe: string | null
  input: string
  /** id of what it is done for, where one timeline tells of that */
  subject: string | null
  status: 'waiting' | 'running' | 'done' | 'dead'
  priority: number
  attempts: number
  due_at: number
  /** the time from which `due_at` was reckoned; null where it is a time that was named */
  reckoned_at: number | null
  lease_token: string | null
  lease_until: number | null
  /** what the last try said */
  error: string | null
  created_at: number
  finished_at: number | null
}

export function defineQueue(name: string, settings: { concurrency: number; perSecond?: number }): Queue {
  return { name, ...settings }
}

type Cause<Input> =
  | { on: EventType<Input>; input?: never; every?: never }
  | { input: TObject; on?: never; every?: never }
  | { every: Timetable; on?: never; input?: never }

type Definition<Input> = { name: string; queue: Queue; attempts?: number; outages?: number; lease?: number } & Cause<Input>

const NOTHING = Type.Object({})

export function defineJob<Schema extends TObject>(job: { name: string; queue: Queue; input: Schema; attempts?: number; outages?: number; lease?: number }): Job<Static<Schema>>
export function defineJob<Data>(job: { name: string; queue: Queue; on: EventType<Data>; attempts?: number; outages?: number; lease?: number }): Job<Data>
export function defineJob(job: { name: string; queue: Queue; every: Timetable; attempts?: number; outages?: number; lease?: number }): Job<Record<string, never>>
/** What is to be done, named as a command. It has one cause: an event, a timetable, or `enqueue`. */
export function defineJob({ name, queue, on, every, input, attempts = 8, outages = attempts, lease = 20_000 }: Definition<unknown>): Job<unknown> {
  return { name, queue, attempts, outages, lease, schema: input ?? on?.schema ?? NOTHING, ...(on && { on: on.name }), ...(every && { every }) }
}

/** The handler of a job, closing over what it needs. It can run twice: it looks before it acts. */
export function work<Input>(job: Job<Input>, run: (input: Input, running: Running) => Promise<Outcome>): Work {
  const { shape: _, ...untyped } = job
  return { job: untyped, run: (input, running) => run(check<Input>(job.schema, input), running) }
}

/** Writes the row that will be done; with a `key` already taken it does nothing. `at`: epoch ms, not before. */
export async function enqueue<Input extends object>(tx: Tx, job: Job<Input>, input: Input, { key, ...options }: Due & { key?: string } = {}): Promise<void> {
  try {
    await insertJobs(tx, [jobRow(tx, job, input, { ...options, key })])
  } catch (error) {
    if (key && isDuplicate(error)) return
    throw error
  }
}

/** The same work for each of several inputs. */
export async function enqueueAll<Input extends object>(tx: Tx, job: Job<Input>, inputs: readonly Input[], due: Due = {}): Promise<void> {
  await insertJobs(tx, inputs.map(input => jobRow(tx, job, input, due)))
}

type Due = { at?: number; priority?: number; /** id of what it is done for */ subject?: string }

async function insertJobs(tx: Tx, rows: readonly JobsTable[]): Promise<void> {
  await insertRows(tx, 'jobs', rows)
  tx.bus.enqueued.push(...rows.map(({ id, queue, due_at, priority }) => ({ id, queue, due_at, priority, attempt: 0 })))
}

function jobRow<Input extends object>(tx: Tx, job: Job<Input>, input: Input, { at, key, priority = 0, subject }: Due & { key?: string | undefined }): JobsTable {
  check<Input>(job.schema, input)
  const now = tx.bus.clock.now()
  return {
    id: newId(), name: job.name, queue: job.queue.name, dedupe: key ?? null, input: JSON.stringify(input), subject: subject ?? null, status: 'waiting', priority, attempts: 0,
    due_at: at ?? now, reckoned_at: at === undefined ? now : null, lease_token: null, lease_until: null, error: null, created_at: now, finished_at: null,
  }
}
