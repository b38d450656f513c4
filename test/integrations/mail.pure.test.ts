import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Mail } from '../../src/integrations/mail/index.ts'
import { createSmtpMailer } from '../../src/integrations/mail/smtp.ts'
import { AppError } from '../../src/platform/errors.ts'

const mail: Mail = {
  from: '教务处 <registrar@example.edu>', to: 'student@example.org', subject: '在读证明', text: '请查收附件。', messageId: '<01ABC@hall.example.edu>',
  attachments: [{ filename: '在读证明.pdf', content: new TextEncoder().encode('%PDF-1.7 sample'), contentType: 'application/pdf' }],
}

async function listen(t: TestContext, options: SMTPServerOptions): Promise<string> {
  const server = new SMTPServer({ disabledCommands: ['AUTH', 'STARTTLS'], ...options })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.after(() => new Promise<void>(resolve => server.close(() => resolve())))
  const address = server.server.address()
  assert.ok(typeof address === 'object' && address)
  return `smtp://127.0.0.1:${address.port}`
}

function saying(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code })
}

async function failureOf(url: string, sent: Mail = mail): Promise<AppError> {
  const mailer = createSmtpMailer({ url, timeouts: { connect: 2000, silence: 2000, total: 4000 } })
  const failure = await mailer.send(sent).then(() => null, (error: unknown) => error)
  assert.ok(failure instanceof AppError)
  return failure
}

test('a mail arrives whole, with its attachment, its id and one recipient', async t => {
  const raw: Buffer[] = []
  const recipients: string[] = []
  const url = await listen(t, {
    onData(stream, session, done) {
      recipients.push(...session.envelope.rcptTo.map(({ address }) => address))
      stream.on('data', chunk => raw.push(chunk))
      stream.on('end', () => done(null, 'kept as 42'))
    },
  })
  const receipt = await createSmtpMailer({ url }).send(mail)
  assert.equal(receipt.accepted, true)
  assert.match(receipt.response, /kept as 42/)
  assert.deepEqual(recipients, ['student@example.org'])
  const parsed = await PostalMime.parse(Buffer.concat(raw))
  assert.equal(parsed.subject, '在读证明')
  assert.equal(parsed.messageId, '<01ABC@hall.example.edu>')
  assert.equal(parsed.attachments[0]?.filename, '在读证明.pdf')
  const content = parsed.attachments[0]?.content
  assert.ok(content instanceof ArrayBuffer)
  assert.equal(new TextDecoder().decode(content), '%PDF-1.7 sample')
})

test('an address that smuggles in a second one reaches nobody else', async t => {
  const recipients: string[] = []
  const url = await listen(t, {
    onRcptTo({ address }, _session, done) { recipients.push(address); done() },
    onData(stream, _session, done) { stream.resume().on('end', () => done()) },
  })
  await createSmtpMailer({ url }).send({ ...mail, to: 'a@example.org, b@example.org' }).catch(() => null)
  assert.ok(!recipients.includes('b@example.org'), recipients.join())
})

test('a recipient the server refuses is an outcome and tells what the server said', async t => {
  const url = await listen(t, { onRcptTo: (_address, _session, done) => done(saying(550, 'no such mailbox')) })
  const failure = await failureOf(url)
  assert.deepEqual([failure.kind, failure.code], ['invalid', 'mail:550'])
  assert.match(String(failure.params?.['answer']), /no such mailbox/)
})

test('a message refused after its last byte is an outcome', async t => {
  const url = await listen(t, { onData(stream, _session, done) { stream.resume().on('end', () => done(saying(554, 'looks like spam'))) } })
  assert.deepEqual(await failureOf(url).then(({ kind, code }) => [kind, code]), ['invalid', 'mail:554'])
})

test('a server that puts us off, before or after the message, may be tried again', async t => {
  const before = await listen(t, { onRcptTo: (_address, _session, done) => done(saying(451, 'greylisted')) })
  assert.deepEqual(await failureOf(before).then(({ kind, code }) => [kind, code]), ['upstream', 'mail:451'])
  const full = await failureOf(await listen(t, { onRcptTo: (_address, _session, done) => done(saying(452, '4.2.2 Mailbox full')) }))
  assert.deepEqual([full.kind, full.message], ['upstream', '对方的邮箱满了'])
  const after = await listen(t, { onData(stream, _session, done) { stream.resume().on('end', () => done(saying(452, 'full'))) } })
  assert.deepEqual(await failureOf(after).then(({ kind, code }) => [kind, code]), ['upstream', 'mail:452'])
})

test('a connection lost after the message began leaves the result unknown', async t => {
  // smtp-server cannot hang up by itself, so the last word is spoken by a bare socket.
  const server = createServer(socket => {
    let data = false
    socket.on('error', () => {})
    socket.write('220 ready\r\n')
    socket.on('data', chunk => {
      if (data) return void (chunk.toString().includes('\r\n.\r\n') && socket.destroy())
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        if (line === 'DATA') data = true
        socket.write(line === 'DATA' ? '354 go on\r\n' : '250 ok\r\n')
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address)
  assert.deepEqual(await failureOf(`smtp://127.0.0.1:${address.port}`).then(({ kind, code }) => [kind, code]), ['upstream', 'mail:unknown'])
})

test('a connection lost before the message, or never made, is safe to try again', async t => {
  const lost = await listen(t, { onRcptTo: (_address, _session, done) => done(saying(421, 'closing')) })
  assert.deepEqual(await failureOf(lost).then(({ kind, code }) => [kind, code]), ['upstream', 'mail:421'])
  const gone = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const address = gone.address()
  assert.ok(typeof address === 'object' && address)
  gone.close()
  await once(gone, 'close')
  assert.deepEqual(await failureOf(`smtp://127.0.0.1:${address.port}`).then(({ kind, code }) => [kind, code]), ['upstream', 'mail:unreachable'])
})

test('a password the server does not take is our fault, not the recipient’s', async t => {
  const url = await listen(t, { disabledCommands: ['STARTTLS'], allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(new Error('no')) })
  const failure = await failureOf(url.replace('smtp://', 'smtp://me:wrong@'))
  assert.deepEqual([failure.kind, failure.code], ['upstream', 'mail:535'])
})

test('where the server offers reports it is asked for them, by the name of the mail; elsewhere it is not troubled', async t => {
  const asked: unknown[] = []
  const options: SMTPServerOptions = {
    onRcptTo(address, { envelope }, done) { asked.push([envelope.dsn ?? null, address.dsn ?? null]); done() },
    onData(stream, _session, done) { stream.resume().on('end', () => done()) },
  }
  const offering = await listen(t, { ...options, hideDSN: false })
  await createSmtpMailer({ url: offering }).send({ ...mail, envelopeId: '01ABC.name-of_it' })
  assert.match(JSON.stringify(asked), /HDRS/)
  assert.match(JSON.stringify(asked), /01ABC\.name-of_it/)
  assert.match(JSON.stringify(asked), /SUCCESS.*FAILURE.*DELAY/)
  const silent = await listen(t, { ...options, hideDSN: true })
  assert.equal((await createSmtpMailer({ url: silent }).send({ ...mail, envelopeId: '01ABC.name-of_it' })).accepted, true)
})

test('a mail larger than the server takes is refused before it goes out', async t => {
  const url = await listen(t, { size: 1000 })
  const failure = await failureOf(url, { ...mail, text: 'x'.repeat(5000) })
  assert.deepEqual([failure.kind, failure.code, failure.message], ['invalid', 'mail:552', '邮件太大，对方的服务器不收'])
})

const words: [string, string][] = [
  ['550 5.1.1 User unknown', '没有这个邮箱，请核对地址'], ['550 No such user here', '没有这个邮箱，请核对地址'], ['552 5.2.2 over quota', '对方的邮箱满了'], ['552 Requested mail action aborted: exceeded storage allocation', '对方的邮箱满了'],
  ['552 5.3.4 Message size exceeds fixed limit', '邮件太大，对方的服务器不收'], ['554 5.7.1 Message rejected', '对方的邮件服务器按自己的规定拒收，可能当成了垃圾邮件'], ['550 Mail content denied (spam)', '对方的邮件服务器按自己的规定拒收，可能当成了垃圾邮件'],
  ['550 5.1.2 Host unknown', '这个地址的域名收不了邮件，请核对地址'], ['550 收件人不存在', '没有这个邮箱，请核对地址'], ['550 nope', '对方邮件服务器拒收了这封邮件'],
]
for (const [said, means] of words) {
  test(`“${said}” is told as ${means}`, async t => {
    const [, code = '', rest = ''] = /^(\d+) (.*)$/.exec(said) ?? []
    const url = await listen(t, { onRcptTo: (_address, _session, done) => done(saying(Number(code), rest)) })
    assert.equal((await failureOf(url)).message, means)
  })
}
