import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Mailing } from '../../src/features/messages/index.ts'
import { AppError } from '../../src/platform/errors.ts'
import { type Office, openOffice } from './office.ts'

const actor = { person_id: 'P1', number: '1001' }
const pdf = 'a'.repeat(64)

async function write(office: Office, mailing: Partial<Mailing> = {}): Promise<string> {
  office.files.set(pdf, new TextEncoder().encode('%PDF-1.7 sample'))
  const id = await office.database.write(tx => office.messages.mail(tx, {
    to_address: 'zhangsan@example.org', person_id: 'P1', kind: 'documents.issued', subject_line: '在读证明', text: '请查收附件。',
    attachments: [{ sha256: pdf, filename: '在读证明.pdf' }], subject: 'D1', ...mailing,
  }))
  await office.drain()
  return id
}

const stateOf = async (office: Office, id: string) => (await office.messages.deliveryById(office.database.db, id))?.status

test('a mail goes out once with its attachment, and the record shows where without giving the address away', async t => {
  const office = await openOffice(t)
  const id = await write(office)
  const [mail, ...more] = office.simulator.state.mails
  assert.deepEqual([mail?.to, mail?.subject, mail?.attachments[0]?.filename, more.length], [['zhangsan@example.org'], '在读证明', '在读证明.pdf', 0])
  assert.equal(mail?.attachments[0]?.data.toString(), '%PDF-1.7 sample')
  const delivery = await office.messages.deliveryById(office.database.db, id)
  assert.deepEqual([delivery?.status, delivery?.address, delivery?.at], ['sent', 'zh***@example.org', office.clock.now()])
  assert.match(mail?.headers['message-id'] ?? '', new RegExp(`<${id}\\.[\\w-]{43}@hall.example.edu>`))
})

test('a mailbox that does not exist is told in the server’s words and not tried again', async t => {
  const office = await openOffice(t)
  office.simulator.trouble.mailRefused = true
  const id = await write(office)
  const delivery = await office.messages.deliveryById(office.database.db, id)
  assert.deepEqual([delivery?.status, delivery?.reason], ['refused', '没有这个邮箱，请核对地址'])
  assert.match(delivery?.detail ?? '', /No such mailbox/)
  const told = JSON.stringify(office.phone('LiMin'))
  assert.match(told, /有一封邮件没有寄到.*在读证明.*zh\*\*\*@example\.org.*没有这个邮箱，请核对地址/)
  office.simulator.trouble.mailRefused = false
  await office.pass(24 * 3_600_000)
  assert.deepEqual([office.simulator.state.mails, office.phone('LiMin').length], [[], 1], 'and whoever it was sent for is told once')
})

test('a server that puts us off gets it later, once', async t => {
  const office = await openOffice(t)
  office.simulator.trouble.mailBusy = 2
  const id = await write(office)
  assert.equal(await stateOf(office, id), 'queued')
  await office.pass(60_000)
  assert.equal(await stateOf(office, id), 'queued')
  await office.pass(10 * 60_000)
  assert.equal(await stateOf(office, id), 'sent')
  assert.equal(office.simulator.state.mails.length, 1)
})

test('a server that puts us off for two days has refused it, in its own words', async t => {
  const office = await openOffice(t)
  office.simulator.trouble.mailBusy = true
  const id = await write(office)
  await office.pass(47 * 3_600_000, 40)
  assert.equal(await stateOf(office, id), 'queued')
  await office.pass(3 * 3_600_000)
  const delivery = await office.messages.deliveryById(office.database.db, id)
  assert.deepEqual([delivery?.status, delivery?.reason], ['refused', '对方的邮件服务器两天里一直没有收下'])
  assert.match(delivery?.detail ?? '', /Try again later/)
  assert.match(JSON.stringify(office.phone('LiMin')), /有一封邮件没有寄到.*两天里一直没有收下/)
})

test('to one domain no more go out in a minute than it may get, to others at once, and the rest by itself later', async t => {
  const office = await openOffice(t)
  const to = (domain: string) => write(office, { to_address: `someone@${domain}` })
  const ids = [await to('slow.example'), await to('Slow.Example'), await to('slow.example'), await to('slow.example'), await to('quick.example')]
  const states = () => Promise.all(ids.map(id => stateOf(office, id)))
  assert.deepEqual(await states(), ['sent', 'sent', 'sent', 'queued', 'sent'])
  await office.pass(59_000)
  assert.deepEqual((await states())[3], 'queued')
  await office.pass(2000)
  assert.deepEqual((await states())[3], 'sent')
})

test('among many that wait for one domain a refused mail, one put off and one for a full mailbox hold up none: the rest arrive once each, in order', async t => {
  const trouble: Record<string, { left: number; error: AppError }> = {
    gone: { left: Infinity, error: new AppError('invalid', '没有这个邮箱，请核对地址', { code: 'mail:550' }) },
    grey: { left: 2, error: new AppError('upstream', '邮件服务器暂时没有收下这封邮件', { code: 'mail:450' }) },
    full: { left: 3, error: new AppError('upstream', '对方的邮箱满了', { code: 'mail:452' }) },
  }
  const office = await openOffice(t, { mailer: real => ({ async send(mail) {
    const found = trouble[mail.to.split('@')[0] ?? '']
    if (found && found.left-- > 0) throw found.error
    return await real.send(mail)
  } }) })
  const ids = new Map<string, string>()
  for (const name of ['a1', 'gone', 'a2', 'grey', 'a3', 'full', 'a4', 'a5', 'a6']) ids.set(name, await write(office, { to_address: `${name}@slow.example` }))
  await office.pass(30 * 60_000, 120)
  assert.deepEqual(await Promise.all([...ids.values()].map(id => stateOf(office, id))), ['sent', 'refused', 'sent', 'sent', 'sent', 'sent', 'sent', 'sent', 'sent'])
  const arrived = office.simulator.state.mails.flatMap(mail => mail.to).map(address => address.split('@')[0] ?? '')
  assert.deepEqual(arrived.filter(name => name.startsWith('a')), ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'])
  assert.deepEqual(arrived.toSorted(), ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'full', 'grey'])
})

test('a mail whose end was not heard is 结果未知 and only a person sends it again', async t => {
  const office = await openOffice(t)
  office.simulator.trouble.mailUnanswered = 1
  const id = await write(office)
  assert.equal(await stateOf(office, id), 'unknown')
  await office.pass(24 * 3_600_000)
  assert.equal(office.simulator.state.mails.length, 1)
  const again = await office.database.write(tx => office.messages.resend(tx, actor, id))
  await office.drain()
  const delivery = await office.messages.deliveryById(office.database.db, again)
  assert.deepEqual([delivery?.status, delivery?.resent_from], ['sent', id])
  assert.equal(office.simulator.state.mails.length, 2)
})

test('a process killed between sending and recording leaves 结果未知, not a second mail', async t => {
  const office = await openOffice(t, { mailer: real => ({ async send(mail) {
    await real.send(mail)
    throw new Error('killed')
  } }) })
  const id = await write(office)
  await office.pass(60_000)
  assert.equal(await stateOf(office, id), 'unknown')
  assert.equal(office.simulator.state.mails.length, 1)
})

test('a mail without its attachment does not go', async t => {
  const office = await openOffice(t)
  const id = await write(office, { attachments: [{ sha256: 'gone', filename: 'x.pdf' }] })
  assert.equal(await stateOf(office, id), 'refused')
  assert.deepEqual(office.simulator.state.mails, [])
})

test('a mail that came back is told', async t => {
  const office = await openOffice(t)
  const id = await write(office)
  await office.database.write(tx => office.messages.bounced(tx, id, { reason: '对方邮件服务器拒收了这封邮件', detail: '5.2.2 mailbox full' }))
  assert.equal(await stateOf(office, id), 'bounced')
})

test('what is the last that is known of a mail is said, by whether the hall hears of mails that come back', async t => {
  const deaf = await openOffice(t)
  const id = await write(deaf)
  assert.match((await deaf.messages.deliveryById(deaf.database.db, id))?.reason ?? '', /不知道有没有送到/)
  const hearing = await openOffice(t, { bounces: { async each() {} } })
  const other = await write(hearing)
  assert.match((await hearing.messages.deliveryById(hearing.database.db, other))?.reason ?? '', /没有收到退信/)
})
