import { Queue as BullQueue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { Type } from 'typebox'
import { systemClock } from '../../src/platform/clock.ts'
import { createBullmqDispatcher } from '../../src/platform/dispatch-bullmq.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { defineJob, defineQueue, enqueue, work } from '../../src/platform/jobs.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { type Cleaner, openTestDatabase, quietLog, store } from '../support/database.ts'
import { startRedis } from '../support/servers.ts'
import { compare, type Comparison, median, quantile } from './support/compare.ts'
import type { Figure, Row } from './support/figure.ts'

const CONCURRENCY = 20
const PER_TRANSACTION = 50
const queue = defineQueue('bench', { concurrency: CONCURRENCY })
const nothing = defineJob({ name: 'bench.nothing', queue, input: Type.Object({ number: Type.Integer() }) })

/**
 * A job that does nothing, from the transaction that enqueues it to its row being done: embedded on SQLite, through BullMQ on MariaDB,
 * against bare BullMQ (add and process, no database) on the same Redis. One by one, and many at once.
 */
export const jobs: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds, share }) {
    const { url } = await startRedis()
    const [ours, limit] = [await hall(t, url), bare(t, url)]
    const [alone, together] = [Math.ceil(200 * share), Math.ceil(2000 * share)]
    const name = store === 'sqlite' ? 'job, embedded' : 'job, BullMQ'
    const latencies: Record<'ours' | 'limit', number[]> = { ours: [], limit: [] }
    const oneByOne = async (side: 'ours' | 'limit', line: Line) => {
      const times = await each(alone, line)
      latencies[side].push(...times)
      return median(times)
    }
    const latency = await compare(rounds, { ours: () => oneByOne('ours', ours), limit: () => oneByOne('limit', limit) })
    const rate = await compare(rounds, { ours: () => atOnce(together, ours), limit: () => atOnce(together, limit) })
    const tail = (times: number[]) => `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.99).toFixed(2)} ms`
    return [
      told(latency, `${name}, one by one, p50 / p99 (limit: bare BullMQ)`, tail(latencies.ours), tail(latencies.limit)),
      told(rate, `${name}, many at once (limit: bare BullMQ)`, `${rate.ours.toFixed(0)} jobs/s`, `${rate.limit.toFixed(0)} jobs/s`),
    ]
  },
}

function told({ ratio, spread }: Comparison, name: string, ours: string, limit: string): Row {
  return { name, ours, limit, ratio, spread: spread.map(one => one.toFixed(2)).join('–'), reach: 'told', reached: null }
}

/** Adds jobs with these numbers; `done` hears of each that is over. */
type Line = { add(numbers: readonly number[]): Promise<void>; heard: { done(): void } }

async function each(count: number, { add, heard }: Line): Promise<number[]> {
  const times: number[] = []
  for (let number = 0; number < count; number++) {
    const { promise, resolve } = Promise.withResolvers<void>()
    heard.done = resolve
    const began = performance.now()
    await add([number])
    await promise
    times.push(performance.now() - began)
  }
  return times
}

/** Jobs per second. */
async function atOnce(count: number, { add, heard }: Line): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = count
  heard.done = () => { if (--left === 0) resolve() }
  const began = performance.now()
  for (let number = 0; number < count; number += PER_TRANSACTION) await add(Array.from({ length: Math.min(PER_TRANSACTION, count - number) }, (_, index) => number + index))
  await promise
  return count / (performance.now() - began) * 1000
}

async function hall(t: Cleaner, url: string): Promise<Line> {
  const database = await openTestDatabase(t, { clock: systemClock })
  const heard = { done: () => {} }
  const runner = createRunner({ database, works: [work(nothing, async () => {})], clock: systemClock, log: quietLog })
  const watched = { ...runner, runJob: async (id: string) => {
    const ran = await runner.runJob(id)
    if (ran) heard.done()
    return ran
  } }
  const deps = { database, runner: watched, clock: systemClock, log: quietLog }
  const dispatcher = store === 'sqlite' ? createEmbeddedDispatcher(deps) : createBullmqDispatcher({ ...deps, url, prefix: 'hall', works: true })
  await dispatcher.start()
  t.after(() => dispatcher.stop())
  const add = (numbers: readonly number[]) => database.write(async tx => { for (const number of numbers) await enqueue(tx, nothing, { number }) })
  return { add, heard }
}

function bare(t: Cleaner, url: string): Line {
  const heard = { done: () => {} }
  const [adding, working] = [new Redis(url), new Redis(url, { maxRetriesPerRequest: null })]
  const bull = new BullQueue('bare', { connection: adding })
  const worker = new Worker('bare', async () => {}, { connection: working, concurrency: CONCURRENCY })
  worker.on('completed', () => heard.done())
  t.after(async () => {
    await worker.close()
    await bull.close()
    adding.disconnect()
    working.disconnect()
  })
  const options = { removeOnComplete: true, removeOnFail: true }
  return { add: async numbers => void await bull.addBulk(numbers.map(number => ({ name: 'nothing', data: { number }, opts: options }))), heard }
}
