import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { testClock } from '../../src/platform/clock.ts'
import { isDuplicate, openDatabase } from '../../src/platform/db.ts'
import { brokenLink, chainEvents } from '../../src/platform/event-register.ts'
import { defineEvent, emit } from '../../src/platform/events.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { createLeases } from '../../src/platform/lease.ts'
import { migrate, pendingMigrations } from '../../src/platform/migrate.ts'
import { databaseUrl, openTestDatabase, store } from '../support/database.ts'

const rang = defineEvent('tests.rang', Type.Object({ bell: Type.String() }))
const keyring = createKeyring([Buffer.alloc(32, 3)])
const listeners = { reactions: new Map(), jobs: new Map() }

test('several nodes may migrate at once, and again', async t => {
  const url = await databaseUrl(t)
  // SQLite's lock holds up the whole process that waits for it: there the nodes are processes, in test/kill/outages-killed.
  const nodes = (store === 'mariadb' ? [1, 2, 3] : [1]).map(() => openDatabase({ url, clock: testClock(), listeners }))
  t.after(() => Promise.all(nodes.map(node => node.close())))
  const ran = await Promise.all(nodes.map(migrate))
  assert.ok(ran.some(names => names.length > 0))
  for (const node of nodes) assert.deepEqual(await pendingMigrations(node), [])
  assert.deepEqual(await migrate(nodes[0] ?? assert.fail()), [])
})

// SQLite takes a change back when the process ends before its record; MySQL does not.
if (store === 'mariadb') test('a migration whose process ended before it was recorded runs again', async t => {
  const database = await openTestDatabase(t)
  await sql`delete from kysely_migration`.execute(database.db)
  assert.ok((await migrate(database)).length > 50)
})

test('two keys that differ in case are two keys', async t => {
  const { db } = await openTestDatabase(t)
  const lease = (name: string) => db.insertInto('leases').values({ name, value: null, expires_at: 0, holder: null, held_until: 0 }).execute()
  await lease('a')
  await lease('A')
  await assert.rejects(lease('a'), error => isDuplicate(error))
})

test('two transactions that read and then write the same row lose nothing', async t => {
  const database = await openTestDatabase(t)
  await database.db.insertInto('leases').values({ name: 'n', value: '0', expires_at: 0, holder: null, held_until: 0 }).execute()
  await Promise.all(Array.from({ length: 20 }, () => database.write(async tx => {
    await tx.updateTable('leases').set({ held_until: 1 }).where('name', '=', 'n').execute()
    const { value } = await tx.selectFrom('leases').select('value').where('name', '=', 'n').executeTakeFirstOrThrow()
    await tx.updateTable('leases').set({ value: String(Number(value) + 1) }).where('name', '=', 'n').execute()
  })))
  const { value } = await database.db.selectFrom('leases').select('value').where('name', '=', 'n').executeTakeFirstOrThrow()
  assert.equal(value, '20')
})

test('a named value is renewed by one of many, kept sealed, and renewed again when it expires or is known to be bad', async t => {
  const clock = testClock()
  const database = await openTestDatabase(t, { clock })
  let renewals = 0
  const renew = async () => ({ value: `token-${++renewals}`, expires_at: clock.now() + 7_200_000 })
  const processes = [1, 2, 3, 4].map(() => createLeases({ database, keyring, clock }))
  const values = await Promise.all(processes.map(leases => leases.value('t', renew)))
  assert.deepEqual(new Set(values), new Set(['token-1']))
  const row = await database.db.selectFrom('leases').select('value').where('name', '=', 't').executeTakeFirstOrThrow()
  assert.doesNotMatch(row.value ?? '', /token/)
  const leases = processes[0] ?? assert.fail()
  assert.equal(await leases.value('t', renew, { not: 'token-1' }), 'token-2')
  assert.equal(await leases.value('t', renew, { not: 'token-1' }), 'token-2')
  clock.advance(7_200_000)
  assert.equal(await leases.value('t', renew), 'token-3')
})

test('a renewal that fails is told, and the next caller may try', async t => {
  const clock = testClock()
  const database = await openTestDatabase(t, { clock })
  const leases = createLeases({ database, keyring, clock })
  await assert.rejects(leases.value('t', async () => { throw new Error('refused') }), /refused/)
  assert.equal(await leases.value('t', async () => ({ value: 'v', expires_at: clock.now() + 600_000 })), 'v')
})

test('the trail is chained in order, and a changed, missing or inserted record shows', async t => {
  const clock = testClock()
  const database = await openTestDatabase(t, { clock })
  const ring = (bell: string) => database.write(tx => emit(tx, rang, { bell }, { subject: bell, actor: null }))
  for (const bell of ['a', 'b', 'c', 'd']) await ring(bell)
  assert.equal(await database.write(tx => chainEvents(tx, 10)), 0, 'what may have uncommitted neighbours waits')
  clock.advance(60_000)
  assert.equal(await database.write(tx => chainEvents(tx, 3)), 3)
  assert.equal(await database.write(tx => chainEvents(tx, 3)), 1)
  assert.equal(await brokenLink(database.db), null)
  await database.db.updateTable('events').set({ data: '{"bell":"x"}' }).where('subject', '=', 'c').execute()
  const { id } = await database.db.selectFrom('events').select('id').where('subject', '=', 'c').executeTakeFirstOrThrow()
  assert.equal(await brokenLink(database.db), id)
  await database.db.updateTable('events').set({ data: '{"bell":"c"}' }).where('subject', '=', 'c').execute()
  assert.equal(await brokenLink(database.db), null)
  await sql`delete from events where subject = 'b'`.execute(database.db)
  assert.equal(await brokenLink(database.db), id)
})
