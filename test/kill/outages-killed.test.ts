import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase } from '../../src/platform/db.ts'
import { pendingMigrations } from '../../src/platform/migrate.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { databaseUrl, store } from '../support/database.ts'
import { checkApplications, checkCards, checkDeliveries, checkDocuments, checkJobs, drained } from './count.ts'
import { castOf, type Hall, PHONE, startHall } from './hall.ts'
import { hallProcess } from './process.ts'
import { FATES, live, type Story } from './story.ts'
import { found, until } from './until.ts'

/** So many applications at once, each to its end. */
async function liveAll(hall: Hall, count: number): Promise<Story[]> {
  const cast = await castOf(hall.database, count)
  return Promise.all(cast.map((people, number) => live(hall, people, FATES[number % FATES.length] ?? FATES[0], `s${number}@example.com`)))
}

async function checkAll(hall: Hall, stories: readonly Story[]): Promise<void> {
  await drained(hall)
  await checkApplications(hall, stories)
  await checkDocuments(hall, stories)
  const tally = await checkDeliveries(hall)
  assert.deepEqual(Object.keys(tally).filter(key => !/ (sent|dropped)$/.test(key)), [], 'nobody was killed, so all is known')
  await checkCards(hall)
  await checkJobs(hall)
}

const events = async ({ database: { db } }: Hall) => Number((await found(() => db.selectFrom('events').select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow())).n)

/** Until so many more things have happened. */
async function more(hall: Hall, count: number): Promise<void> {
  const goal = await events(hall) + count
  await until('things to go on', async () => await events(hall) >= goal)
}

test('Redis emptied, killed and gone for a while: all work is done, and once', { skip: store === 'sqlite' && 'jobs do not go through Redis' }, async t => {
  const hall = await startHall(t, { own: true })
  const { redis } = hall.servers
  assert.ok(redis)
  const pids = Object.values(hall.processes).map(each => each.pid())
  // Every call takes a while, so that work is always waiting.
  hall.simulator.trouble.latencyMs = 100
  const stories = liveAll(hall, 6)
  await more(hall, 12)
  await redis.flush()
  await more(hall, 12)
  await redis.kill()
  await redis.restart()
  await checkAll(hall, await stories)
  assert.deepEqual(Object.values(hall.processes).map(each => each.pid()), pids)
})

test('MariaDB restarted under load: pages say so, nothing is lost, and it goes on by itself', { skip: store === 'sqlite' && 'there is no server' }, async t => {
  const hall = await startHall(t, { own: true })
  const { mariadb } = hall.servers
  assert.ok(mariadb)
  const pids = Object.values(hall.processes).map(each => each.pid())
  const [one] = await castOf(hall.database, 1)
  const phone = await hall.phone(one?.student.userid ?? '')
  const stories = liveAll(hall, 6).catch((error: unknown) => error)
  await more(hall, 12)
  await mariadb.kill()
  const page = await phone.get('/')
  assert.equal(page.status, 503)
  assert.ok(page.has('暂时不可用'), page.text)
  assert.match((await phone.get('/sent', { accept: 'application/json' })).headers.get('content-type') ?? '', /problem\+json/)
  assert.equal((await phone.get('/readyz')).status, 503)
  await mariadb.restart()
  assert.equal((await until('the hall', async () => { const again = await phone.get('/'); return again.status === 200 && again })).status, 200)
  const ended = await stories
  if (!Array.isArray(ended)) throw ended
  await checkAll(hall, ended)
  assert.deepEqual(Object.values(hall.processes).map(each => each.pid()), pids)
})

test('told to stop in the middle of work, the hall ends that work and then itself; what waits is done after the next start', async t => {
  const hall = await startHall(t)
  const { worker } = hall.processes
  const stories = liveAll(hall, 1)
  const stopping = await hall.moments.strike({ name: 'asked message/send', within: 20_000, goesOn: true }, async () => worker.signal('SIGTERM'))
  assert.ok(stopping)
  assert.equal(await worker.ended(), 0)
  const running = await hall.database.db.selectFrom('jobs').select('name').where('status', '=', 'running').execute()
  assert.deepEqual(running, [], 'what had begun has ended')
  const sent = await hall.database.db.selectFrom('messages_deliveries').select('id').where('status', '=', 'sent').execute()
  assert.ok(sent.length >= 1, 'the message that was going out is recorded')
  await worker.start().ready
  await checkAll(hall, await stories)
})

test('a request that is being answered gets its answer before the hall stops', async t => {
  const hall = await startHall(t)
  const { web } = hall.processes
  const [one] = await castOf(hall.database, 1)
  const door = await fetch(`${hall.origin}/auth/wecom?to=%2F`, { redirect: 'manual', headers: { 'user-agent': PHONE } })
  const state = new URL(door.headers.get('location') ?? '').searchParams.get('state') ?? ''
  const cookie = door.headers.getSetCookie().map(line => line.split(';', 1)[0]).join('; ')
  const stopped = hall.moments.strike({ name: 'asked auth/getuserinfo', within: 20_000, goesOn: true }, async () => web.signal('SIGTERM'))
  const answer = await fetch(`${hall.origin}/auth/wecom/callback?code=${hall.simulator.authorizeCode(one?.student.userid ?? '')}&state=${state}`, { redirect: 'manual', headers: { cookie, 'user-agent': PHONE } })
  assert.ok(await stopped)
  assert.equal(answer.headers.get('location'), '/')
  assert.equal(await web.ended(), 0)
})

test('told twice, the hall ends at once', async t => {
  const hall = await startHall(t)
  const { worker } = hall.processes
  const never = Promise.withResolvers<void>()
  const stories = liveAll(hall, 1).catch(() => 'broken off')
  const stopping = Promise.withResolvers<void>()
  void hall.moments.strike({ name: 'asked message/send', within: 20_000, goesOn: false }, async () => { stopping.resolve(); await never.promise })
  await stopping.promise
  worker.signal('SIGTERM')
  await until('the hall to hear the first', () => worker.says('"msg":"stopping"'))
  worker.signal('SIGINT')
  assert.equal(await worker.ended(), 'SIGINT')
  never.resolve()
  await worker.start().ready
  assert.ok(Array.isArray(await stories))
})

test('two nodes that bring up the same database at once both succeed', async t => {
  const url = await databaseUrl(t)
  const env = {
    DATABASE_URL: url, HALL_SECRET: Buffer.alloc(32, 5).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University', WECOM_CORP_ID: 'ww0123456789abcdef',
    WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'secret', WECOM_TOKEN: 'QDG6eK', WECOM_ENCODING_AES_KEY: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  }
  const nodes = ['one', 'other'].map(name => hallProcess(name, env, 'migrate'))
  for (const node of nodes) node.start().ready.catch(() => {}) // it ends instead
  const ends = await Promise.all(nodes.map(node => node.ended()))
  assert.deepEqual(ends, [0, 0], nodes.map(node => node.words()).join('\n'))
  const database = openDatabase({ url, clock: systemClock, listeners: { reactions: new Map(), jobs: new Map() } })
  t.after(() => database.close())
  assert.deepEqual(await pendingMigrations(database), [])
  const { rows } = await sql<{ n: number }>`select count(*) as n from kysely_migration`.execute(database.db)
  assert.ok(Number(rows[0]?.n) > 50)
})
