import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Type } from 'typebox'
import { testClock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/db.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { createBullmqDispatcher } from '../../src/platform/dispatch-bullmq.ts'
import { AppError } from '../../src/platform/errors.ts'
import { defineEvent, defineReaction, emit, eventsOf } from '../../src/platform/events.ts'
import { defineJob, defineQueue, enqueue, type Running, type Outcome, work } from '../../src/platform/jobs.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { openTestDatabase, quietLog, store } from '../support/database.ts'
import { startRedis } from '../support/servers.ts'

const queue = defineQueue('tests', { concurrency: 2 })
const greet = defineJob({ name: 'tests.greet', queue, input: Type.Object({ whom: Type.String() }), attempts: 3 })
const rang = defineEvent('tests.rang', Type.Object({ bell: Type.String() }))
const answer = defineJob({ name: 'tests.answer', queue, on: rang })
const nightly = defineJob({ name: 'tests.nightly', queue, every: { dailyAt: '02:30' } })

type Handlers = { greet?: (input: { whom: string }, running: Running) => Promise<Outcome>; answer?: (input: { bell: string }) => Promise<void>; nightly?: () => Promise<void> }

/** A runner with nothing that hands it work: for tests that say themselves what is run. */
async function openRunner(t: TestContext, handlers: Handlers = {}) {
  const clock = testClock()
  const reactions = [defineReaction(rang, async (tx, data, meta) => {
    if (data.bell === 'broken') throw new AppError('conflict', '铃坏了')
    await enqueue(tx, greet, { whom: `${data.bell} at ${meta.subject}` })
  })]
  const database = await openTestDatabase(t, { clock, reactions, jobs: [answer] })
  const works = [work(greet, handlers.greet ?? (async () => {})), work(answer, handlers.answer ?? (async () => {})), work(nightly, handlers.nightly ?? (async () => {}))]
  const runner = createRunner({ database, works, clock, log: quietLog })
  // A started dispatcher fires the timetable at once; its row is looked at in its own test.
  const rows = () => database.db.selectFrom('jobs').selectAll().where('name', '!=', nightly.name).orderBy('id').execute()
  return { clock, database, runner, rows }
}

async function setUp(t: TestContext, handlers: Handlers = {}) {
  const parts = await openRunner(t, handlers)
  const { clock, database, runner } = parts
  const dispatcher = store === 'sqlite'
    ? createEmbeddedDispatcher({ database, runner, log: quietLog })
    : await bull(t, { database, runner, clock })
  return { ...parts, dispatcher }
}

async function bull(t: TestContext, parts: Pick<Parameters<typeof createBullmqDispatcher>[0], 'database' | 'runner' | 'clock'>) {
  const redis = await startRedis()
  const dispatcher = createBullmqDispatcher({ ...parts, url: redis.url, prefix: `t${Date.now()}${Math.random()}`, works: true, log: quietLog })
  await dispatcher.start()
  t.after(async () => {
    await dispatcher.stop()
    await redis.stop()
  })
  return dispatcher
}

test('what was put off while the clock was ahead waits no longer than it should once the clock is set right', async t => {
  const HOUR = 3_600_000
  const greeted: string[] = []
  let away = true
  const { clock, database, runner, rows } = await openRunner(t, { greet: async ({ whom }) => {
    if (whom === '李敏' && away) return { later: 60_000 }
    if (whom === '赵静' && away) throw new AppError('upstream', '对方没有应答', { retryAfter: 30_000 })
    greeted.push(whom)
  } })
  const runDue = async () => { for (const { id } of await runner.due(queue.name, 10)) await runner.runJob(id) }
  clock.advance(3 * HOUR)
  await runner.tick()
  await database.write(async tx => {
    await enqueue(tx, greet, { whom: '李敏' })
    await enqueue(tx, greet, { whom: '赵静' })
  })
  await runDue()
  await database.write(async tx => {
    await enqueue(tx, greet, { whom: '陈思远' })
    await enqueue(tx, greet, { whom: '约好的' }, { at: clock.now() + HOUR })
  })
  const before = await rows()
  clock.advance(-3 * HOUR)
  away = false
  await runner.tick()
  await runDue()
  assert.deepEqual(greeted, ['陈思远'], 'what was due is due')
  clock.advance(30_000)
  await runDue()
  assert.deepEqual(greeted, ['陈思远', '赵静'], 'and what was put off waits as long as it was to')
  clock.advance(30_000)
  await runDue()
  assert.deepEqual(greeted, ['陈思远', '赵静', '李敏'])
  assert.deepEqual((await rows()).at(-1), before.at(-1), 'a time that was named stays')
})

test('what is enqueued in a transaction is done once, and what is rolled back never', async t => {
  const greeted: string[] = []
  const { database, dispatcher, rows } = await setUp(t, { greet: async ({ whom }) => { greeted.push(whom) } })
  await database.write(tx => enqueue(tx, greet, { whom: '李敏' }))
  await assert.rejects(database.write(async tx => {
    await enqueue(tx, greet, { whom: '没有的人' })
    throw new Error('the caller changed its mind')
  }))
  await dispatcher.drain()
  assert.deepEqual(greeted, ['李敏'])
  assert.deepEqual((await rows()).map(row => row.status), ['done'])
})

test('the same key is the same work', async t => {
  const { database, rows } = await setUp(t)
  await database.write(async tx => {
    await enqueue(tx, greet, { whom: 'a' }, { key: 'once' })
    await enqueue(tx, greet, { whom: 'b' }, { key: 'once' })
  })
  assert.equal((await rows()).length, 1)
})

test('what a newer version of the program enqueued is left to it, and holds up nothing that is known here', async t => {
  const greeted: string[] = []
  const newer = defineJob({ name: 'tests.of-tomorrow', queue, input: Type.Object({ whom: Type.String() }) })
  const fill = (database: Database) => database.write(async tx => {
    for (const whom of 'abcdef') await enqueue(tx, newer, { whom }, { priority: 10 })
    await enqueue(tx, greet, { whom: '李敏' })
  })
  const resting = await openRunner(t)
  await fill(resting.database)
  assert.deepEqual((await resting.runner.due(queue.name, 2)).length, 1)
  const { database, dispatcher, rows } = await setUp(t, { greet: async ({ whom }) => { greeted.push(whom) } })
  await fill(database)
  await dispatcher.drain()
  assert.deepEqual(greeted, ['李敏'])
  assert.deepEqual((await rows()).map(row => `${row.name} ${row.status} ${row.attempts}`), [...Array.from('abcdef', () => 'tests.of-tomorrow waiting 0'), 'tests.greet done 1'])
})

test('an event is kept, its reaction runs in the same transaction and its job later', async t => {
  const heard: string[] = []
  const { database, dispatcher, rows } = await setUp(t, { answer: async ({ bell }) => { heard.push(bell) } })
  await database.write(tx => emit(tx, rang, { bell: 'door' }, { subject: 'house', actor: { person_id: 'p1', number: 'T001' } }))
  const [kept] = await eventsOf(database.db, 'house')
  assert.equal(kept?.actor_number, 'T001')
  assert.deepEqual(kept?.data, { bell: 'door' })
  await dispatcher.drain()
  assert.deepEqual(heard, ['door'])
  assert.deepEqual((await rows()).map(row => row.name).toSorted(), ['tests.answer', 'tests.greet'])
})

test('a reaction that refuses takes the whole transaction back', async t => {
  const { database, rows } = await setUp(t)
  await assert.rejects(database.write(tx => emit(tx, rang, { bell: 'broken' }, { subject: 'house', actor: null })), { kind: 'conflict' })
  assert.deepEqual(await eventsOf(database.db, 'house'), [])
  assert.deepEqual(await rows(), [])
})

test('a failure is tried again after a growing pause, and the row is dead after the last try', async t => {
  const attempts: [number, boolean][] = []
  const { clock, database, dispatcher, rows } = await setUp(t, { greet: async (_input, { attempt, last }) => {
    attempts.push([attempt, last])
    throw new AppError('upstream', '对方没有回答')
  } })
  await database.write(tx => enqueue(tx, greet, { whom: 'x' }))
  const waits: number[] = []
  for (let round = 0; round < 3; round++) {
    await dispatcher.drain()
    const [row] = await rows()
    waits.push((row?.due_at ?? 0) - clock.now())
    clock.advance(4000)
  }
  assert.deepEqual(attempts, [[1, false], [2, false], [3, true]])
  assert.deepEqual(waits.slice(0, 2), [1000, 4000])
  assert.equal((await rows())[0]?.status, 'dead')
})

test('an answer is not tried again', async t => {
  const { database, dispatcher, rows } = await setUp(t, { greet: async () => { throw new AppError('invalid', '没有这个人') } })
  await database.write(tx => enqueue(tx, greet, { whom: 'x' }))
  await dispatcher.drain()
  const [row] = await rows()
  assert.deepEqual([row?.status, row?.attempts, row?.error], ['done', 1, 'AppError: 没有这个人'])
})

test('a postponed job comes again without losing a try', async t => {
  let calls = 0
  const { clock, database, dispatcher, rows } = await setUp(t, { greet: async () => ++calls < 3 ? { later: 5000 } : undefined })
  await database.write(tx => enqueue(tx, greet, { whom: 'x' }))
  for (let round = 0; round < 3; round++) {
    await dispatcher.drain()
    clock.advance(5000)
  }
  assert.equal(calls, 3)
  assert.deepEqual((await rows()).map(row => [row.status, row.attempts]), [['done', 1]])
})

test('a job whose holder fell silent is taken over, and what the silent one records late is refused', async t => {
  const refused: unknown[] = []
  const first = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  let runs = 0
  const { clock, database, runner, rows } = await openRunner(t, { greet: async (_input, running) => {
    if (++runs > 1) return
    reached.resolve()
    await first.promise
    await database.write(running.hold).catch((error: unknown) => { refused.push(error) })
  } })
  await database.write(tx => enqueue(tx, greet, { whom: 'x' }))
  const id = (await rows())[0]?.id ?? ''
  const silent = runner.runJob(id)
  await reached.promise
  assert.equal(await runner.runJob(id), false, 'nobody takes it while the lease holds')
  clock.advance(60_000)
  assert.equal(await runner.runJob(id), true)
  first.resolve()
  await silent
  assert.equal(refused.length, 1)
  assert.deepEqual((await rows()).map(row => [row.status, row.attempts]), [['done', 2]])
})

test('of several jobs whose holder fell silent, each is taken over by itself', async t => {
  const greeted: string[] = []
  const reached = Promise.withResolvers<void>()
  const forever = Promise.withResolvers<void>()
  let begun = 0
  const { clock, database, runner, rows } = await openRunner(t, { greet: async ({ whom }, { attempt }) => {
    if (attempt > 1 || whom === '丙') return void greeted.push(whom)
    if (++begun === 2) reached.resolve()
    await forever.promise
  } })
  await database.write(async tx => { for (const whom of ['甲', '乙', '丙']) await enqueue(tx, greet, { whom }) })
  const [first, second, third] = (await rows()).map(row => row.id)
  const silent = [first, second].map(id => runner.runJob(id ?? ''))
  await reached.promise
  clock.advance(60_000)
  for (const id of [third, first, second]) assert.equal(await runner.runJob(id ?? ''), true)
  forever.resolve()
  await Promise.all(silent)
  assert.deepEqual((await rows()).map(row => [row.status, row.attempts]), [['done', 2], ['done', 2], ['done', 1]])
  assert.deepEqual(greeted, ['丙', '甲', '乙'])
})

test('the one process of an SQLite file takes up at its start what a killed one held; among several processes the lease decides', async t => {
  const reached = Promise.withResolvers<void>()
  const forever = Promise.withResolvers<void>()
  const again = Promise.withResolvers<void>()
  const { clock, database, runner, rows } = await openRunner(t, { greet: async () => {
    reached.resolve()
    await forever.promise
  } })
  const mine = createRunner({ database, works: [work(greet, async () => { again.resolve() })], clock, log: quietLog })
  await database.write(tx => enqueue(tx, greet, { whom: 'x' }))
  const killed = runner.runJob((await rows())[0]?.id ?? '')
  await reached.promise
  const next = createEmbeddedDispatcher({ database, runner: mine, log: quietLog })
  await next.start()
  const taken = store === 'sqlite'
  if (taken) await again.promise
  await next.stop()
  assert.deepEqual((await rows()).map(row => [row.status, row.attempts]), [taken ? ['done', 2] : ['running', 1]])
  forever.resolve()
  await killed
  assert.deepEqual((await rows()).map(row => [row.status, row.attempts]), [['done', taken ? 2 : 1]])
})

test('a stop does not wait for work that heeds nothing', async t => {
  const reached = Promise.withResolvers<AbortSignal>()
  const forever = Promise.withResolvers<void>()
  const { database, runner, rows } = await openRunner(t, { greet: async (_input, { signal }) => {
    reached.resolve(signal)
    await forever.promise
  } })
  await database.write(tx => enqueue(tx, greet, { whom: 'x' }))
  const run = runner.runJob((await rows())[0]?.id ?? '')
  const signal = await reached.promise
  assert.equal(await runner.settle(10), 1)
  assert.ok(signal.aborted)
  assert.equal((await rows())[0]?.status, 'running')
  forever.resolve()
  await run
})

test('a timetable fires once a slot, however many processes try', async t => {
  let nights = 0
  const { clock, database, runner, dispatcher } = await setUp(t, { nightly: async () => { nights++ } })
  const second = createRunner({ database, works: [work(nightly, async () => {})], clock, log: quietLog })
  await Promise.all([runner.tick(), second.tick()])
  await dispatcher.drain()
  assert.equal(nights, 1)
  clock.advance(86_400_000)
  await Promise.all([runner.tick(), second.tick()])
  await dispatcher.drain()
  assert.equal(nights, 2)
})

test('where a job can be neither taken nor put back, as on a full disk, the process goes on with everything else and asks again later', async () => {
  let tries = 0
  const dispatcher = createEmbeddedDispatcher({ database: { dialect: 'mysql', onEnqueued() {} } as unknown as Database, log: quietLog, runner: {
    queues: [queue], tick: async () => false, settle: async () => 0, releaseAll: async () => {},
    // It would never end by itself.
    due: async () => tries < 1000 ? [{ id: 'J1', queue: queue.name, attempt: 0, due_at: 0, priority: 0 }] : [],
    async runJob() {
      tries++
      throw new Error('database or disk is full')
    },
  } as unknown as Parameters<typeof createEmbeddedDispatcher>[0]['runner'] })
  await dispatcher.start()
  await new Promise(resolve => setImmediate(resolve))
  await dispatcher.stop()
  assert.equal(tries, 1)
})
