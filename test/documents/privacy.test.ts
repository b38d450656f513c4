import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { networkOf, waitAfter } from '../../src/features/documents/rules.ts'
import { addMisses } from '../../src/features/documents/guesses/store.ts'
import { createLog } from '../../src/platform/log.ts'
import { startTestApp } from '../support/app.ts'
import { quietLog } from '../support/database.ts'
import { issued, upload } from './office.ts'

test('a verification code stands in no log line, no event and no job', async t => {
  const hall = await startTestApp(t)
  const { code, document, pdf, student } = await issued(hall)
  const lines: string[] = []
  const logged = await createApp(hall.app.config, { clock: hall.clock, log: createLog('trace', { write: line => void lines.push(line) }) })
  t.after(() => logged.close())
  const http = await logged.http()
  t.after(() => http.close())
  const bare = document.code
  for (const url of [`/verify/${code}`, `/verify/${code.toLowerCase()}`, `/verify?code=${code}`, `/%76erify/${bare}`, `//verify/${bare}`, `/VERIFY/${bare}`, `/verify/${bare}/more`, `/verify/${bare}${'A'.repeat(300)}`]) {
    await http.inject({ url, headers: { accept: 'text/html' } })
  }
  assert.ok(lines.some(line => line.includes('"url":"/verify/…"')), 'requests are logged, without it')
  const spoken = lines.join('').toUpperCase().replaceAll('-', '')
  assert.ok(!spoken.includes(bare), lines.find(line => line.toUpperCase().includes(bare)))
  for (const name of [student.name, student.number]) assert.ok(!lines.join('').includes(name))

  await upload(hall.stranger(), pdf)
  const { db } = hall.app.database
  for (const table of ['events', 'jobs'] as const) {
    const rows = JSON.stringify(await db.selectFrom(table).selectAll().execute())
    assert.ok(!rows.includes(bare) && !rows.includes(code), table)
  }
})

test('wrong codes slow their own address down a little; nobody is shut out, and other pages do not wait', async t => {
  const hall = await startTestApp(t)
  const { code, document } = await issued(hall)
  const stranger = hall.stranger()
  const second = await createApp(hall.app.config, { clock: hall.clock, log: quietLog })
  t.after(() => second.close())
  const other = await second.http()
  t.after(() => other.close())
  const misses = async () => (await hall.app.database.db.selectFrom('documents_guesses').select('misses').execute()).map(row => row.misses)

  // Two processes at once, and the first misses of all: none is lost.
  const wrong = (index: number) => `/verify/${document.code.slice(1)}${'0123456789'[index % 10]}`
  await Promise.all(Array.from({ length: 30 }, (_, index) => index % 2 === 0 ? stranger.get(wrong(index)) : other.inject({ url: wrong(index), remoteAddress: '127.0.0.1' })))
  assert.deepEqual(await misses(), [30])
  for (let index = 0; index < 3; index++) assert.equal((await stranger.get(wrong(index))).status, 404)
  assert.deepEqual(await misses(), [33])

  const order: string[] = []
  const began = performance.now()
  await Promise.all([
    stranger.get(`/verify/${code}`).then(page => order.push(page.has('真实有效') ? 'genuine' : page.text)),
    stranger.get('/verify').then(() => order.push('form')),
  ])
  assert.deepEqual(order, ['form', 'genuine'], 'the honest asker behind the same address gets the answer, a little later')
  assert.ok(performance.now() - began >= 300, 'as long as three misses beyond the free ones cost')
  hall.clock.advance(10 * 60_000)
  assert.ok((await stranger.get(`/verify/${code}`)).has('真实有效'))
  assert.deepEqual(await misses(), [33], 'the next window begins anew')
})

test('the misses of a window are forgotten after it', async t => {
  const hall = await startTestApp(t)
  await hall.app.database.write(tx => addMisses(tx, [['old', 1]], hall.clock.now() + 1000))
  hall.clock.advance(3_600_000)
  await hall.drain()
  await hall.app.runner.tick()
  await hall.drain()
  assert.deepEqual(await hall.app.database.db.selectFrom('documents_guesses').selectAll().execute(), [])
})

for (const [misses, wait] of [[0, 0], [30, 0], [31, 100], [40, 1000], [80, 5000], [1_000_000, 5000]] as const) {
  test(`after ${misses} wrong codes an answer waits ${wait} ms`, () => assert.equal(waitAfter(misses), wait))
}

for (const [address, network] of [
  ['203.0.113.7', '203.0.113.7'], ['::ffff:203.0.113.7', '203.0.113.7'], ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'], ['2001:db8:1:2::1', '2001:db8:1:2'],
  ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2'], ['2001:db8::1', '2001:db8:0:0'], ['::1', '0:0:0:0'],
] as const) {
  test(`${address} is counted as ${network}`, () => assert.equal(networkOf(address), network))
}
