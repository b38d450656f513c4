import { Queue as BullQueue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Clock } from './clock.ts'
import type { Database } from './db.ts'
import { type Dispatcher, LOOK_EVERY, SETTLE_WITHIN } from './dispatch.ts'
import type { Enqueued, Queue } from './jobs.ts'
import type { Log } from './log.ts'
import type { Runner } from './run-jobs.ts'

type Deps = {
  database: Database
  runner: Runner
  /** `redis://…` */
  url: string
  /** keeps installations that share one Redis apart */
  prefix?: string
  /** false: only relays to the workers, runs nothing itself (HALL_ROLE=web) */
  works: boolean
  clock: Clock
  log: Log
}

const PER_LOOK = 500
/** milliseconds for saying goodbye to Redis */
const CLOSE_WITHIN = 2000

/** Redis says when, the row says what: a lost Redis costs a second, not a job. */
export function createBullmqDispatcher({ database, runner, url, prefix = 'hall', works, clock, log }: Deps): Dispatcher {
  const failed = (error: unknown) => log.error({ err: error }, 'redis')
  const connect = (options: { maxRetriesPerRequest: number | null; enableOfflineQueue: boolean }) => {
    const connection = new Redis(url, options)
    connection.on('error', failed)
    return connection
  }
  const producing = connect({ maxRetriesPerRequest: 1, enableOfflineQueue: true })
  const working = connect({ maxRetriesPerRequest: null, enableOfflineQueue: true })
  const queues = new Map(runner.queues.map(queue => [queue.name, new BullQueue(queue.name, { connection: producing, prefix })]))
  let workers: Worker[] = []
  let timer: NodeJS.Timeout | undefined
  let stopped = true
  for (const queue of queues.values()) queue.on('error', failed)

  async function relay(rows: readonly Enqueued[]): Promise<void> {
    for (const [name, queue] of queues) {
      const mine = rows.filter(row => row.queue === name)
      if (mine.length > 0) await queue.addBulk(mine.map(row => ({ name, data: { id: row.id }, opts: optionsOf(row) })))
    }
  }

  async function look(): Promise<number> {
    let found = 0
    for (const name of queues.keys()) {
      const rows = await runner.due(name, PER_LOOK)
      await relay(rows)
      found += rows.length
    }
    return found
  }

  async function round(): Promise<void> {
    try {
      if (works) await runner.tick()
      await look()
    } catch (error) {
      log.error({ err: error }, 'due jobs could not be handed to redis')
    }
    if (!stopped) timer = setTimeout(() => void round(), LOOK_EVERY)
  }

  const worker = (queue: Queue) => {
    const made = new Worker<{ id: string }>(queue.name, job => runner.runJob(job.data.id), {
      connection: working, prefix, concurrency: queue.concurrency,
      ...(queue.perSecond !== undefined && { limiter: { max: queue.perSecond, duration: 1000 } }),
    })
    made.on('error', failed)
    return made
  }

  return {
    async start() {
      stopped = false
      database.onEnqueued(jobs => void relay(jobs.filter(job => job.due_at <= clock.now())).catch(failed))
      if (works) workers = runner.queues.map(worker)
      await round()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      const closing = Promise.all(workers.map(each => each.close()))
      await runner.settle(SETTLE_WITHIN)
      // Closing waits for Redis and for every job, however long either takes.
      await within(CLOSE_WITHIN, closing.then(() => Promise.all([...queues.values()].map(queue => queue.close())))).catch(failed)
      producing.disconnect()
      working.disconnect()
    },
    async drain() {
      while (await look() > 0 || await unfinished(database) > 0) await new Promise(resolve => setTimeout(resolve, 5))
    },
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function optionsOf(row: Enqueued) {
  return { jobId: `${row.id}-${row.attempt}`, attempts: 1, removeOnComplete: true, removeOnFail: true, lifo: row.priority > 0 }
}

async function unfinished(database: Database): Promise<number> {
  const row = await database.db.selectFrom('jobs').select(({ fn }) => fn.countAll<number>().as('n')).where('status', '=', 'running').executeTakeFirstOrThrow()
  return Number(row.n)
}
