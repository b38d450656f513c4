import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskAddress, paceWait } from '../../src/features/messages/rules.ts'
import { deliveryView, taskOf } from '../../src/features/messages/index.ts'
import { eventsOf } from '../../src/platform/events.ts'
import { textIn } from '../../src/platform/text.ts'
import { openOffice } from './office.ts'

test('a person’s messages come newest first, page by page, with what became of each', async t => {
  const office = await openOffice(t)
  for (const title of ['一', '二', '三']) await office.tell({ title })
  await office.tell({ to: 'P2', title: '别人的' })
  await office.drain()
  const { db } = office.database
  const first = await office.messages.listFor(db, 'P1', { limit: 2 })
  assert.deepEqual(first.map(message => [message.title, message.deliveries.map(delivery => delivery.status)]), [['三', ['sent']], ['二', ['sent']]])
  const rest = await office.messages.listFor(db, 'P1', { limit: 2, before: first.at(-1)?.id })
  assert.deepEqual(rest.map(message => message.title), ['一'])
})

test('what happened to a delivery stands in the trail of events', async t => {
  const office = await openOffice(t)
  await office.tell()
  await office.drain()
  const [delivery] = await office.messages.deliveriesOf(office.database.db, 'S1')
  assert.deepEqual((await eventsOf(office.database.db, delivery?.id ?? '')).map(event => event.name), ['messages.delivery-sent'])
  await office.database.write(tx => office.messages.resend(tx, { person_id: 'P9', number: '9' }, delivery?.id ?? ''))
  assert.deepEqual((await eventsOf(office.database.db, 'S1')).map(event => [event.name, event.actor_id]), [['messages.delivery-resent', 'P9']])
})

test('a delivery is shown in the reader’s language with a word for its state', async t => {
  const office = await openOffice(t)
  office.bound.delete('P1')
  await office.tell()
  const [delivery] = await office.messages.deliveriesOf(office.database.db, 'S1')
  assert.ok(delivery)
  const { channel_label, tag, can_resend } = deliveryView(delivery, textIn('en'))
  assert.deepEqual([channel_label, tag, can_resend], ['WeCom message', { text: 'Waiting for binding', meaning: 'amber' }, false])
})

test('an address is recognisable and useless', () => {
  const cases = [['zhangsan@example.org', 'zh***@example.org'], ['li@x.cn', 'l***@x.cn'], ['LiMin', 'Li***'], ['a', 'a***'], ['@odd', '@o***']]
  for (const [address = '', masked] of cases) assert.equal(maskAddress(address), masked)
})

test('the wait ends when the oldest message that counts leaves its minute or hour', () => {
  const now = 10_000_000
  assert.equal(paceWait([null, null], now), 0)
  assert.equal(paceWait([now - 59_000, null], now), 1000)
  assert.equal(paceWait([now - 59_000, now - 3_000_000], now), 600_000)
})

test('a card names its task, with or without a tail', () => {
  assert.deepEqual([taskOf('task-01ABC'), taskOf('task-01ABC@01XYZ')], ['task-01ABC', 'task-01ABC'])
})
