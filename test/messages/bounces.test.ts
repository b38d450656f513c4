import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { createBounceBox } from '../../src/integrations/mail/index.ts'
import { startDovecot } from '../support/dovecot.ts'
import { answer, awayNote, neteaseBounce, notification, qqBounce } from './bounce-mails.ts'
import { openOffice } from './office.ts'

const dovecot = await startDovecot()
after(() => dovecot.stop())

/** An office with a mail on its way; `read` lets the timetable come round. */
async function sent(t: TestContext) {
  const office = await openOffice(t, { bounces: createBounceBox(dovecot.url) ?? assert.fail() })
  const send = async () => {
    const id = await office.database.write(tx => office.messages.mail(tx, { to_address: 'zhangsan@example.org', person_id: 'P1', kind: 'documents.issued', subject_line: '在读证明', text: '请查收', attachments: [], subject: 'D1' }))
    await office.drain()
    const name = /^<(.+)@hall\.example\.edu>$/.exec(office.simulator.state.mails.at(-1)?.headers['message-id'] ?? '')?.[1] ?? assert.fail()
    return { id, name }
  }
  return {
    ...office, send,
    async read() { await office.pass(5 * 60_000, 1) },
    async state(id: string) {
      const found = await office.messages.deliveryById(office.database.db, id)
      return found && [found.status, found.reason]
    },
  }
}

test('a mail that came back says so and why, in plain words, and whoever it was sent for is told once', async t => {
  const office = await sent(t)
  const { id, name } = await office.send()
  await dovecot.put(notification({ action: 'failed', status: '5.1.1', diagnostic: '550 5.1.1 <zhangsan@example.org>: Recipient address rejected: User unknown', name }))
  await office.read()
  assert.deepEqual(await office.state(id), ['bounced', '没有这个邮箱，请核对地址'])
  assert.match((await office.messages.deliveryById(office.database.db, id))?.detail ?? '', /User unknown/)
  assert.deepEqual(await dovecot.unread(), [])
  await dovecot.put(notification({ action: 'failed', status: '5.1.1', name }))
  await office.read()
  const told = office.phone('LiMin').filter(message => JSON.stringify(message).includes('有一封邮件被退回'))
  assert.equal(told.length, 1)
  assert.doesNotMatch(JSON.stringify(told), /zhangsan@/)
})

const reports: [string, (name: string) => string, string, string][] = [
  ['into the mailbox', name => notification({ action: 'delivered', status: '2.0.0', name }), 'delivered', '对方的邮件服务器确认已放进邮箱'],
  ['on to a server that tells nothing', name => notification({ action: 'relayed', status: '2.0.0', name }), 'sent', '已转交给下一个邮件服务器，之后没有回执'],
  ['not yet', name => notification({ action: 'delayed', status: '4.4.1', name }), 'sent', '对方的邮件服务器暂时没有收下，还在重试'],
  ['into a full mailbox', name => notification({ action: 'failed', status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full', name }), 'bounced', '对方的邮箱满了'],
  ['too large', name => notification({ action: 'failed', status: '5.3.4', name }), 'bounced', '邮件太大，对方的服务器不收'],
  ['as spam', name => notification({ action: 'failed', status: '5.7.1', diagnostic: '554 5.7.1 blocked', name }), 'bounced', '对方的邮件服务器按自己的规定拒收，可能当成了垃圾邮件'],
  ['never', name => notification({ action: 'failed', status: '4.4.7', name }), 'bounced', '对方的邮件服务器一直没有收下'],
  ['by a server that names no envelope', name => notification({ action: 'failed', status: '5.0.0', diagnostic: '550 no such user here', name, by: 'headers' }), 'bounced', '没有这个邮箱，请核对地址'],
  ['by QQ in its own words', qqBounce, 'bounced', '没有这个邮箱，请核对地址'],
  ['by 163 in its own words', neteaseBounce, 'bounced', '对方的邮箱满了'],
]
for (const [how, raw, status, reason] of reports) {
  test(`a report is understood: ${how}`, async t => {
    const office = await sent(t)
    const { id, name } = await office.send()
    await dovecot.put(raw(name))
    await office.read()
    assert.deepEqual(await office.state(id), [status, reason])
  })
}

test('an answer, a note that somebody is away, and rubbish change nothing and are not looked at again', async t => {
  const office = await sent(t)
  const { id, name } = await office.send()
  for (const raw of [awayNote(name), answer(name), 'no mail at all', notification({ action: 'dancing', status: '9', name })]) await dovecot.put(raw)
  await office.read()
  assert.equal((await office.state(id))?.[0], 'sent')
  assert.deepEqual(await dovecot.unread(), [])
})

test('a forged report changes nothing: the name of a mail is signed', async t => {
  const office = await sent(t)
  const { id, name } = await office.send()
  const other = await office.send()
  for (const forged of [`${id}.${'A'.repeat(43)}`, `${id}.${other.name.split('.')[1]}`, id, `${id}.`]) {
    for (const by of ['envelope', 'headers'] as const) await dovecot.put(notification({ action: 'failed', status: '5.1.1', name: forged, by }))
    await dovecot.put(qqBounce(forged))
  }
  await office.read()
  assert.equal((await office.state(id))?.[0], 'sent')
  await dovecot.put(notification({ action: 'failed', status: '5.1.1', name }))
  await office.read()
  assert.equal((await office.state(id))?.[0], 'bounced')
})

test('a mail cut off between sending and recording is 结果未知 until a server tells what became of it; nothing goes out twice', async t => {
  const office = await openOffice(t, { bounces: createBounceBox(dovecot.url) ?? assert.fail(), mailer: real => ({ async send(mail) {
    await real.send(mail)
    throw new Error('killed')
  } }) })
  const id = await office.database.write(tx => office.messages.mail(tx, { to_address: 'zhangsan@example.org', person_id: 'P1', kind: 'documents.issued', subject_line: '在读证明', text: '请查收', attachments: [], subject: 'D1' }))
  await office.drain()
  await office.pass(60_000)
  const status = async () => (await office.messages.deliveryById(office.database.db, id))?.status
  assert.equal(await status(), 'unknown')
  const name = /^<(.+)@/.exec(office.simulator.state.mails[0]?.headers['message-id'] ?? '')?.[1] ?? ''
  await dovecot.put(notification({ action: 'delivered', status: '2.0.0', name }))
  await office.pass(5 * 60_000, 1)
  assert.equal(await status(), 'delivered')
  assert.equal(office.simulator.state.mails.length, 1)
})

test('a mailbox that is away holds nothing back, and is read when it is there again', async t => {
  const office = await sent(t)
  const { id, name } = await office.send()
  await dovecot.put(notification({ action: 'failed', status: '5.1.1', name }))
  const away = await openOffice(t, { bounces: createBounceBox('imap://bounces:wrong@127.0.0.1:1/INBOX') ?? assert.fail() })
  await away.pass(5 * 60_000, 1)
  const mail = await away.database.write(tx => away.messages.mail(tx, { to_address: 'a@example.org', person_id: null, kind: 'x', subject_line: 'x', text: 'x', attachments: [], subject: 'X' }))
  await away.drain()
  assert.equal((await away.messages.deliveryById(away.database.db, mail))?.status, 'sent')
  await office.read()
  assert.equal((await office.state(id))?.[0], 'bounced')
})
