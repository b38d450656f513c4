import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { createBounceBox, createMailer } from '../../src/integrations/mail/index.ts'
import { startDovecot } from '../support/dovecot.ts'
import { startExim } from '../support/exim.ts'
import { openOffice } from './office.ts'

const REFUSALS: Readonly<Record<string, { responseCode: number; words: string }>> = {
  'nobody@example.org': { responseCode: 550, words: '5.1.1 User unknown' },
  'full@example.org': { responseCode: 552, words: '5.2.2 Mailbox full' },
  'strict@example.org': { responseCode: 554, words: '5.7.1 Blocked as spam' },
}

// The server of who it is for: it tells at the door what it does not take.
const taken: string[] = []
const destination = new SMTPServer({
  authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], logger: false,
  onRcptTo: ({ address }, _session, answer) => {
    const refusal = REFUSALS[address]
    answer(refusal ? Object.assign(new Error(refusal.words), refusal) : null)
  },
  onData: (stream, session, answer) => {
    stream.resume().on('end', () => {
      taken.push(...session.envelope.rcptTo.map(({ address }) => address))
      answer()
    })
  },
})
const listening = destination.listen(0, '127.0.0.1')
await once(listening, 'listening')
const { port } = listening.address() as AddressInfo

const dovecot = await startDovecot()
const exim = await startExim({ maildir: dovecot.maildir, domain: 'example.org', port })
after(async () => {
  await exim.stop()
  await dovecot.stop()
  await new Promise<void>(resolve => destination.close(resolve))
})

/** A mail goes out through the mail server; what its reports say of it once they are in the mailbox and read. */
async function sentTo(t: TestContext, address: string) {
  const office = await openOffice(t, { bounces: createBounceBox(dovecot.url) ?? assert.fail(), mailer: () => createMailer(exim.url) })
  const id = await office.database.write(tx => office.messages.mail(tx, { to_address: address, person_id: 'P1', kind: 'documents.issued', subject_line: '在读证明', text: '请查收', attachments: [], subject: 'D1' }))
  await office.drain()
  const state = async () => {
    const found = await office.messages.deliveryById(office.database.db, id)
    return [found?.status, found?.reason]
  }
  assert.equal((await state())[0], 'sent', 'the mail server has taken it')
  while ((await dovecot.unread()).length === 0) await pause(50)
  await office.pass(5 * 60_000, 1)
  assert.deepEqual(await dovecot.unread(), [])
  return { office, state: await state() }
}

for (const [address, reason] of [['nobody@example.org', '没有这个邮箱，请核对地址'], ['full@example.org', '对方的邮箱满了'], ['strict@example.org', '对方的邮件服务器按自己的规定拒收，可能当成了垃圾邮件']] as const) {
  test(`what a mail server sends back for ${address} is read from the mailbox, and who it was sent for is told`, async t => {
    const { office, state } = await sentTo(t, address)
    assert.deepEqual(state, ['bounced', reason])
    assert.equal(office.phone('LiMin').filter(message => JSON.stringify(message).includes('有一封邮件被退回')).length, 1)
  })
}

test('a mail server tells that it handed a mail on', async t => {
  const { state } = await sentTo(t, 'somebody@example.org')
  assert.deepEqual(state, ['sent', '已转交给下一个邮件服务器，之后没有回执'])
  assert.deepEqual(taken, ['somebody@example.org'])
})
