import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { createSmtpMailer, type Mail } from '../../src/integrations/mail/index.ts'
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
