import { type Dispatcher, LOOK_EVERY, SETTLE_WITHIN } from './dispatch.ts'
import type { Database } from './db.ts'
import type { Queue } from './jobs.ts'
import type { Log } from './log.ts'
import type { Runner } from './run-jobs.ts'

/** ms for which a queue rests whose job could not even be taken or put back: its database is away or full, and asking at once again would never end */
const REST = 10_000

type Deps = { database: Database; runner: Runner; log: Log }

/** Polls the table in the process itself; commits wake it. */
export function createEmbeddedDispatcher({ database, runner, log }: Deps): Dispatcher {
  const busy = new Map<string, Set<string>>(runner.queues.map(queue => [queue.name, new Set()]))
  const earliest = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let stopped = true

  async function feed(queue: Queue): Promise<number> {
    const held = busy.get(queue.name) ?? new Set()
    const free = queue.concurrency - held.size
    if (stopped || free <= 0 || tooEarly(queue)) return 0
    const rows = (await runner.due(queue.name, queue.concurrency * 2)).filter(row => !held.has(row.id)).slice(0, free)
    for (const { id } of rows) if (!stopped && !held.has(id)) void run(queue, held, id)
    return rows.length
  }

  async function run(queue: Queue, held: Set<string>, id: string): Promise<void> {
    held.add(id)
    note(queue)
    try {
      await runner.runJob(id)
    } catch (error) {
      log.error({ err: error, job_id: id }, 'a job could not be run')
      earliest.set(queue.name, performance.now() + REST)
    } finally {
      held.delete(id)
      if (!stopped) look(queue)
    }
  }

  function look(queue: Queue): void {
    feed(queue).catch((error: unknown) => log.error({ err: error }, 'the table of jobs could not be read'))
  }

  // A rate in a process is a distance in time between two starts.
  function tooEarly(queue: Queue): boolean {
    return performance.now() < (earliest.get(queue.name) ?? 0)
  }

  function note(queue: Queue): void {
    if (queue.perSecond === undefined) return
    const gap = 1000 / queue.perSecond
    earliest.set(queue.name, performance.now() + gap)
    setTimeout(() => { if (!stopped) look(queue) }, gap).unref()
  }

  async function runDue(): Promise<number> {
    let ran = 0
    for (const queue of runner.queues) {
      for (const { id } of await runner.due(queue.name, 100)) ran += Number(await runner.runJob(id))
    }
    return ran
  }

  async function round(): Promise<void> {
    await runner.tick().catch((error: unknown) => log.error({ err: error }, 'the timetables could not be read'))
    runner.queues.forEach(look)
    if (!stopped) timer = setTimeout(() => void round(), LOOK_EVERY)
  }

  return {
    async start() {
      // One process owns an SQLite file, so what runs there now ran in one that was killed. Were there a second all the same, its
      // runs would be done twice at most as after a lease that ended: what it records late is refused.
      if (database.dialect === 'sqlite') await runner.releaseAll()
      stopped = false
      database.onEnqueued(jobs => {
        const names = new Set(jobs.map(job => job.queue))
        runner.queues.filter(queue => names.has(queue.name)).forEach(look)
      })
      await round()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await runner.settle(SETTLE_WITHIN)
    },
    async drain() {
      while (await runDue() > 0 || await runner.settle(SETTLE_WITHIN) > 0);
    },
  }
}
