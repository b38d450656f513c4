import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../src/platform/errors.ts'
import { openOffice } from './office.ts'

const HOUR = 3_600_000
const actor = { person_id: 'P1', number: '1001' }

test('a person is told: the words, what matters, and the way to the page', async t => {
  const office = await openOffice(t)
  await office.tell()
  assert.deepEqual(await office.states(), ['textcard queued'])
  await office.drain()
  const [message] = office.phone('LiMin')
  assert.equal(message?.msgtype, 'textcard')
  assert.equal(message?.content['title'], '在读证明申请')
  assert.match(String(message?.content['description']), /申请人：张三/)
  assert.match(String(message?.content['url']), /^https:\/\/hall\.example\.edu\/applications\/1\?m=/)
  assert.deepEqual(await office.states(), ['textcard sent'])
})

test('a file follows its words, under the name its reader sees', async t => {
  const office = await openOffice(t)
  office.files.set('f'.repeat(64), new TextEncoder().encode('%PDF-1.7 sample'))
  await office.tell({ file: { sha256: 'f'.repeat(64), filename: '在读证明.pdf' } })
  await office.drain()
  assert.deepEqual(office.phone('LiMin').map(message => message.msgtype), ['textcard', 'file'])
  assert.match(JSON.stringify(office.phone('LiMin')[1]?.content), /在读证明\.pdf/)
  assert.deepEqual(await office.states(), ['textcard sent', 'file sent'])
})

test('a file larger than WeCom carries goes as a link to its page, and says so', async t => {
  const office = await openOffice(t)
  office.files.set('f'.repeat(64), new Uint8Array(20 * 1024 * 1024 + 1))
  await office.tell({ file: { sha256: 'f'.repeat(64), filename: '成绩单.pdf' } })
  await office.drain()
  const [words, link] = office.phone('LiMin')
  assert.deepEqual([words?.msgtype, link?.msgtype], ['textcard', 'textcard'])
  assert.match(JSON.stringify(link), /成绩单\.pdf.*文件太大/)
  const [, file] = await office.messages.deliveriesOf(office.database.db, 'S1')
  assert.deepEqual([file?.part, file?.status, file?.reason], ['file', 'sent', '文件超过 20 MB，发的是下载链接'])
})

test('a file that is gone is told as refused, the words arrive all the same', async t => {
  const office = await openOffice(t)
  await office.tell({ file: { sha256: '0'.repeat(64), filename: 'a.pdf' } })
  await office.drain()
  assert.deepEqual(await office.states(), ['textcard sent', 'file refused'])
})

test('two equal reminders both arrive', async t => {
  const office = await openOffice(t)
  await office.tell()
  await office.drain()
  await office.tell()
  await office.drain()
  assert.equal(office.phone('LiMin').length, 2)
})

test('without a binding a message waits, and goes out after binding, in order and with its file', async t => {
  const office = await openOffice(t)
  office.files.set('f'.repeat(64), new Uint8Array(10))
  office.bound.delete('P1')
  await office.tell({ file: { sha256: 'f'.repeat(64), filename: 'a.pdf' } })
  await office.pass(2 * HOUR)
  assert.deepEqual(await office.states(), ['textcard waiting', 'file waiting'])
  office.bound.set('P1', 'LiMin')
  await office.database.write(tx => office.messages.flushWaiting(tx, 'P1'))
  await office.drain()
  assert.deepEqual(office.phone('LiMin').map(message => message.msgtype), ['textcard', 'file'])
  assert.deepEqual(await office.states(), ['textcard sent', 'file sent'])
})

test('a binding that came while the message was being kept is found a minute later', async t => {
  const office = await openOffice(t)
  office.bound.delete('P1')
  await office.tell()
  office.bound.set('P1', 'LiMin')
  await office.drain()
  assert.equal(office.phone('LiMin').length, 0)
  await office.pass(61_000)
  assert.deepEqual(await office.states(), ['textcard sent'])
})

test('a person who lost the binding while it was queued waits for a new one', async t => {
  const office = await openOffice(t)
  await office.tell()
  office.bound.delete('P1')
  await office.drain()
  assert.deepEqual(await office.states(), ['textcard waiting'])
})

test('who cannot be reached is told in words, and a person can send again', async t => {
  const office = await openOffice(t)
  await office.tell({ to: 'P3', subject: 'hidden' })
  await office.tell({ to: 'P4', subject: 'nolicence' })
  await office.drain()
  const [hidden] = await office.messages.deliveriesOf(office.database.db, 'hidden')
  const [unlicensed] = await office.messages.deliveriesOf(office.database.db, 'nolicence')
  assert.deepEqual([hidden?.status, hidden?.reason], ['refused', '接收人全部无效或者没有权限'])
  assert.deepEqual([unlicensed?.status, unlicensed?.reason], ['refused', '接收人没有企业微信的接口许可'])
  office.bound.set('P3', 'ZhangSan')
  await office.database.write(tx => office.messages.resend(tx, actor, hidden?.id ?? ''))
  await office.drain()
  const again = (await office.messages.deliveriesOf(office.database.db, 'hidden')).at(-1)
  assert.deepEqual([again?.status, again?.resent_from], ['sent', hidden?.id])
  assert.equal(office.phone('ZhangSan').length, 1)
})

test('what is still on its way is not sent again', async t => {
  const office = await openOffice(t)
  await office.tell()
  const [queued] = await office.messages.deliveriesOf(office.database.db, 'S1')
  await assert.rejects(office.database.write(tx => office.messages.resend(tx, actor, queued?.id ?? '')), (error: unknown) => error instanceof AppError && error.kind === 'conflict')
})

test('an answer that was lost is asked for again, and the phone shows one message', async t => {
  const office = await openOffice(t)
  Object.assign(office.simulator.trouble, { dropAnswer: 2, onlyApi: 'message/send' })
  await office.tell()
  await office.drain()
  assert.deepEqual(await office.states(), ['textcard sending'])
  await office.pass(60_000)
  assert.deepEqual(await office.states(), ['textcard sent'])
  assert.equal(office.phone('LiMin').length, 1)
  assert.equal(office.simulator.state.calls.filter(call => call.path === 'message/send').length, 3)
})

test('a process killed after sending, restarted beyond the duplicate check, repeats nothing and says so', async t => {
  let kill = true
  const office = await openOffice(t, { wecom: real => ({ ...real, async send(body) {
    const sent = await real.send(body)
    if (kill) throw new Error('killed')
    return sent
  } }) })
  await office.tell()
  await office.drain()
  kill = false
  office.clock.advance(4 * HOUR)
  await office.drain()
  const [delivery] = await office.messages.deliveriesOf(office.database.db, 'S1')
  assert.deepEqual([delivery?.status, delivery?.reason], ['unknown', '发送中断太久，不知道有没有送到'])
  assert.equal(office.phone('LiMin').length, 1)
  await office.pass(24 * HOUR)
  assert.equal(office.phone('LiMin').length, 1)
  await office.database.write(tx => office.messages.resend(tx, actor, delivery?.id ?? ''))
  await office.drain()
  assert.equal(office.phone('LiMin').length, 2, 'a person may send it again')
})

test('a delivery whose job died is told as unknown', async t => {
  const office = await openOffice(t, { wecom: real => ({ ...real, send: async () => { throw new Error('killed') } }) })
  await office.tell()
  await office.drain()
  await office.database.db.updateTable('jobs').set({ status: 'dead' }).where('name', '=', 'messages.send-wecom').execute()
  await office.pass(4 * HOUR, 8)
  assert.deepEqual(await office.states(), ['textcard sending'])
  await office.pass(2 * HOUR, 4)
  assert.deepEqual(await office.states(), ['textcard unknown'])
})

test('a limited interface postpones, and the tries are not used up', async t => {
  const office = await openOffice(t)
  Object.assign(office.simulator.trouble, { rateLimit: true, onlyApi: 'message/send' })
  await office.tell()
  await office.drain()
  assert.deepEqual(await office.states(), ['textcard queued'])
  await office.pass(3 * HOUR, 180)
  assert.deepEqual(await office.states(), ['textcard queued'])
  office.simulator.trouble.rateLimit = false
  await office.pass(24 * HOUR, 48)
  assert.deepEqual(await office.states(), ['textcard sent'])
  assert.equal(office.phone('LiMin').length, 1)
})

test('settings that are wrong refuse nothing: the message goes out once they are right', async t => {
  const office = await openOffice(t)
  office.simulator.trouble.untrustedIp = 3
  await office.tell()
  await office.drain()
  const [delivery] = await office.messages.deliveriesOf(office.database.db, 'S1')
  assert.deepEqual([delivery?.status, delivery?.reason], ['queued', '服务器的 IP 不在企业可信 IP 里'])
  await office.pass(10 * 60_000)
  assert.deepEqual(await office.states(), ['textcard sent'])
})

test('no more goes to one member than the platform delivers, and all arrive in the end', async t => {
  const office = await openOffice(t)
  for (let i = 0; i < 70; i++) await office.tell({ title: `第 ${i} 条` })
  await office.drain()
  assert.equal(office.phone('LiMin').length, 28)
  await office.tell({ to: 'P2', subject: 'other' })
  await office.drain()
  assert.equal(office.phone('ZhangSan').length, 1, 'others do not wait')
  await office.pass(4 * 60_000, 40)
  assert.equal(office.phone('LiMin').length, 70)
  assert.deepEqual(office.simulator.state.dropped, [])
})

test('many workers at once do not overrun a member either', async t => {
  const office = await openOffice(t)
  for (let i = 0; i < 60; i++) await office.tell({ title: `第 ${i} 条` })
  await office.rush()
  await office.drain()
  assert.equal(office.phone('LiMin').length, 28)
  assert.deepEqual(office.simulator.state.dropped, [])
})
