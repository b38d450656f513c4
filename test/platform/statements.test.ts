import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type Db, openDatabase, type Tx } from '../../src/platform/db.ts'
import { testClock } from '../../src/platform/clock.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { insertRows, prepared, preparedChange, type Value } from '../../src/platform/prepared.ts'
import { databaseUrl, openTestDatabase } from '../support/database.ts'

const lease = (name: string) => ({ name, value: `of ${name}`, expires_at: 0, holder: null, held_until: 0 })
const valuesOf = prepared((db: Db, value: Value<{ names: readonly string[] }>) => db.selectFrom('leases').select(['name', 'value']).where('name', 'in', value('names')).orderBy('name'))
const expire = preparedChange((db: Db, value: Value<{ at: number; names: readonly string[] }>) => db.updateTable('leases').set({ expires_at: value('at') }).where('name', 'in', value('names')))

test('rows are written with the columns they name, in whatever order and number', async t => {
  const { db, write } = await openTestDatabase(t)
  const many = Array.from({ length: 45 }, (_, index) => lease(`many-${index}`))
  await write(async tx => {
    await insertRows(tx, 'leases', [lease('a')])
    await insertRows(tx, 'leases', [{ held_until: 7, holder: 'h', expires_at: 5, value: 'v', name: 'b' }])
    await insertRows(tx, 'leases', [])
    await insertRows(tx, 'leases', many)
  })
  const rows = await db.selectFrom('leases').selectAll().orderBy('name').execute()
  assert.deepEqual(rows.slice(0, 2).map(row => ({ ...row })), [lease('a'), { name: 'b', value: 'v', expires_at: 5, holder: 'h', held_until: 7 }])
  assert.deepEqual(rows.slice(2).map(row => row.value).toSorted(), many.map(row => row.value).toSorted())
  await assert.rejects(write(tx => insertRows(tx, 'leases', [lease('c'), { held_until: 7, holder: 'h', expires_at: 5, value: 'v', name: 'd' }])), TypeError)
})

test('a list asks for each of its members, however many, and a change says how many rows it met', async t => {
  const { db, write } = await openTestDatabase(t)
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  await write(tx => insertRows(tx, 'leases', names.map(lease)))
  for (const { length } of names) {
    const asked = names.slice(0, length)
    assert.deepEqual((await valuesOf(db, { names: asked })).map(row => row.name), asked)
  }
  assert.deepEqual((await valuesOf(db, { names: ['x', 'b', 'y'] })).map(row => row.value), ['of b'])
  assert.equal(await write(tx => expire(tx, { at: 9, names: ['a', 'c', 'x'] })), 2)
  assert.deepEqual((await db.selectFrom('leases').select('name').where('expires_at', '=', 9).orderBy('name').execute()).map(row => row.name), ['a', 'c'])
})

test('a transaction that is over takes nothing more', async t => {
  const { write } = await openTestDatabase(t)
  let kept: Tx | undefined
  await write(async tx => { kept = tx })
  const over = kept ?? assert.fail()
  await assert.rejects(async () => expire(over, { at: 1, names: ['a'] }), /already committed/)
})

test('every column is read, whatever another process has added meanwhile', async t => {
  const url = await databaseUrl(t)
  const [old, next] = [1, 2].map(() => openDatabase({ url, clock: testClock(), listeners: { reactions: new Map(), jobs: new Map() } }))
  if (!old || !next) return assert.fail()
  t.after(() => Promise.all([old.close(), next.close()]))
  await migrate(old)
  await old.write(tx => insertRows(tx, 'leases', [lease('a')]))
  const read = (db: Db) => db.selectFrom('leases').selectAll('leases').select(sql<string>`'last'`.as('last')).execute()
  assert.equal((await read(old.db))[0]?.last, 'last')
  await sql`alter table leases add column note varchar(10) default 'new'`.execute(next.db)
  assert.deepEqual((await read(old.db)).map(row => ({ ...row })), [{ ...lease('a'), note: 'new', last: 'last' }])
})
