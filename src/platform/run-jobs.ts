import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Clock } from './clock.ts'
import { type Database, type Db, isFull, type Tx } from './db.ts'
import { AppError, isOutcome } from './errors.ts'
import { enqueue, type Enqueued, type Job, type Queue, type Running, type Work } from './jobs.ts'
import type { Log } from './log.ts'
import { prepared, type Value } from './prepared.ts'
import { slotAt } from './timetable.ts'

export type Runner = {
  queues: readonly Queue[]
  /** Claims the row and runs it; false where there was nothing to claim. */
  runJob(id: string): Promise<boolean>
  /** Rows of a queue whose time has come, or whose holder fell silent; most urgent first. */
  due(queue: string, limit: number): Promise<Enqueued[]>
  /** Enqueues what the timetables say, once per slot over all processes; what a clock that was ahead put off begins its wait anew. */
  tick(): Promise<void>
  /** Ends the leases of all that runs: for who knows that no other process is alive to hold one. */
  releaseAll(): Promise<void>
  /** Waits for what is running in this process; after `ms` aborts it and leaves what does not heed that to its lease. How many runs that were. */
  settle(ms: number): Promise<number>
}

/** milliseconds that an aborted run has to end by itself */
const HEED = 2000
/** milliseconds by which the clocks of several machines may differ */
const MINUTE = 60_000
/** milliseconds until what found no room is tried again */
const FULL = 60_000
/** rows that are set right in one statement */
const PORTION = 500

type Deps = { database: Database; works: readonly Work[]; clock: Clock; log: Log }

export function createRunner({ database, works, clock, log }: Deps): Runner {
  const byName = new Map(works.map(work => [work.job.name, work]))
  const running = new Map<Promise<unknown>, AbortController>()
  const slots = new Map<string, string>()
  let looked = Infinity
  const due = dueReader(database.db, works)

  async function runJob(id: string): Promise<boolean> {
    const claim = await claimRow(database.db, byName, id, clock.now())
    if (!claim) return false
    const controller = new AbortController()
    const run = perform({ database, clock, log, controller }, claim)
    running.set(run, controller)
    await run.finally(() => running.delete(run))
    return true
  }

  async function tickJob(job: Job, slot: string): Promise<void> {
    await database.write(tx => enqueue(tx, job, {}, { key: `${job.name}@${slot}` }))
    slots.set(job.name, slot)
  }

  // When the process begins, and where the clock was set back: all that waits is looked through.
  async function setRight(now: number): Promise<void> {
    const isBack = now < looked
    looked = now
    if (isBack) while (await reckonAnew(database.db, now) === PORTION);
  }

  return {
    queues: [...new Map(works.map(work => [work.job.queue.name, work.job.queue])).values()],
    runJob,
    due: (queue, limit) => due(queue, limit, clock.now()),
    async tick() {
      await setRight(clock.now())
      for (const { job } of works) {
        const slot = job.every && slotAt(job.every, clock.now())
        if (slot && slots.get(job.name) !== slot) await tickJob(job, slot)
      }
    },
    async releaseAll() {
      await database.db.updateTable('jobs').set({ lease_until: 0 }).where('status', '=', 'running').execute()
    },
    async settle(ms) {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timers = [setTimeout(() => running.forEach(controller => controller.abort()), ms), setTimeout(resolve, ms + HEED)]
      const count = running.size
      await Promise.race([Promise.allSettled(running.keys()), late])
      timers.forEach(clearTimeout)
      return count
    },
  }
}

type Claim = { id: string; token: string; attempt: number; input: Record<string, unknown>; work: Work }

async function claimRow(db: Db, byName: Map<string, Work>, id: string, now: number): Promise<Claim | null> {
  const [row] = await jobOf(db, { id })
  const work = row && byName.get(row.name)
  if (!row || !work) return null // another version of the program knows this job
  const token = randomUUID()
  const silent = sql<boolean>`((status = 'waiting' and due_at <= ${now}) or (status = 'running' and lease_until < ${now}))`
  const spent = row.attempts >= work.job.outages
  const change = spent
    ? { status: 'dead' as const, finished_at: now, error: 'the process ended during the last try' }
    : { status: 'running' as const, lease_token: token, lease_until: now + work.job.lease, attempts: row.attempts + 1 }
  const { numUpdatedRows } = await db.updateTable('jobs').set(change)
    .where('id', '=', id).where('attempts', '=', row.attempts).where(silent).executeTakeFirst()
  if (numUpdatedRows !== 1n || spent) return null
  return { id, token, attempt: row.attempts + 1, input: JSON.parse(row.input), work }
}

const jobOf = prepared((db: Db, value: Value<{ id: string }>) => db.selectFrom('jobs').select(['name', 'input', 'attempts']).where('id', '=', value('id')))

type Context = { database: Database; clock: Clock; log: Log; controller: AbortController }

async function perform({ database, clock, log, controller }: Context, { id, token, attempt, input, work }: Claim): Promise<void> {
  const { job } = work
  const heartbeat = setInterval(() => {
    void keepLease(database.db, id, token, clock.now() + job.lease).then(kept => { if (!kept) controller.abort() }, () => {})
  }, job.lease / 3)
  const running: Running = { id, attempt, last: attempt >= job.attempts, signal: controller.signal, hold: tx => hold(tx, id, token, job.lease) }
  const finish = (change: Finish) => database.db.updateTable('jobs').set({ ...change, lease_token: null, lease_until: null })
    .where('id', '=', id).where('lease_token', '=', token).execute()
  try {
    const outcome = await work.run(input, running)
    if (outcome) await finish({ status: 'waiting', ...dueIn(outcome.later, clock.now()), attempts: attempt - 1 })
    else await finish({ status: 'done', finished_at: clock.now(), error: null })
  } catch (error) {
    log.warn({ err: error, job: job.name, job_id: id, attempt }, 'a job did not succeed')
    await finish(afterFailure(job, attempt, error, clock.now()))
  } finally {
    clearInterval(heartbeat)
  }
}

type Finish = { status: 'waiting' | 'done' | 'dead'; due_at?: number; reckoned_at?: number; attempts?: number; finished_at?: number; error?: string | null }

function afterFailure(job: Job, attempt: number, error: unknown, now: number): Finish {
  const said = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown'
  if (isOutcome(error)) return { status: 'done', finished_at: now, error: said }
  // It is not the job's fault, and no try: it lasts until somebody makes room, be that after a week.
  if (isFull(error)) return { status: 'waiting', ...dueIn(FULL, now), attempts: attempt - 1, error: said }
  // Behind an answer there is only the outside left: an AppError here is `upstream`.
  if (attempt >= (error instanceof AppError ? job.outages : job.attempts)) return { status: 'dead', finished_at: now, error: said }
  const wait = (error instanceof AppError ? error.retryAfter : undefined) ?? backOff(attempt)
  return { status: 'waiting', ...dueIn(wait, now), error: said }
}

function dueIn(wait: number, now: number): { due_at: number; reckoned_at: number } {
  return { due_at: now + wait, reckoned_at: now }
}

/** Milliseconds before the next try: 1 s, 4 s, 16 s … at most an hour. */
export function backOff(attempt: number): number {
  return Math.min(3600_000, 1000 * 4 ** (attempt - 1))
}

async function keepLease(db: Db, id: string, token: string, until: number): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('jobs').set({ lease_until: until })
    .where('id', '=', id).where('lease_token', '=', token).executeTakeFirst()
  return numUpdatedRows === 1n
}

async function hold(tx: Tx, id: string, token: string, lease: number): Promise<void> {
  if (!await keepLease(tx, id, token, tx.bus.clock.now() + lease)) throw new AppError('conflict', '这项工作已由别的进程接手')
}

/** What is to wait from a time that is still to come was put off by a clock that is ahead, or was: it waits as long from now. Returns how many it met. */
async function reckonAnew(db: Db, now: number): Promise<number> {
  const ahead = await db.selectFrom('jobs').select('id').where('status', '=', 'waiting').where('reckoned_at', '>', now + MINUTE).limit(PORTION).execute()
  if (ahead.length === 0) return 0
  await db.updateTable('jobs').set({ due_at: sql<number>`due_at - reckoned_at + ${now}`, reckoned_at: now })
    .where('id', 'in', ahead.map(({ id }) => id)).where('status', '=', 'waiting').where('reckoned_at', '>', now + MINUTE).execute()
  return ahead.length
}

/** Reads of a queue what is due and known here: what a newer version of the program enqueued waits for it, and keeps nothing else waiting. */
function dueReader(db: Db, works: readonly Work[]): (queue: string, limit: number, now: number) => Promise<Enqueued[]> {
  const byQueue = Map.groupBy(works, work => work.job.queue.name)
  const built = new Map<string, DueQueries>()
  return async (queue, limit, now) => {
    const key = `${queue} ${limit}`
    const { waiting, silent } = built.get(key) ?? buildDueQueries((byQueue.get(queue) ?? []).map(({ job }) => job.name), limit)
    built.set(key, { waiting, silent })
    const found = [...await waiting(db, { queue, now }), ...await silent(db, { queue, now })]
    return found.map(({ attempts, ...row }) => ({ ...row, attempt: attempts }))
  }
}

type DueQueries = ReturnType<typeof buildDueQueries>

// Asked after every job. Names and limit stand in the statement, and there are as many as queues with different concurrency.
function buildDueQueries(names: readonly string[], limit: number) {
  const rows = (status: 'waiting' | 'running', column: 'due_at' | 'lease_until') => prepared((db: Db, value: Value<{ queue: string; now: number }>) => db.selectFrom('jobs')
    .select(['id', 'queue', 'attempts', 'due_at', 'priority'])
    .where('queue', '=', value('queue')).where('status', '=', status).where(column, '<=', value('now')).where('name', 'in', names.map(name => sql.lit(name)))
    .orderBy('priority', 'desc').orderBy(column).orderBy('id').limit(limit))
  return { waiting: rows('waiting', 'due_at'), silent: rows('running', 'lease_until') }
}
