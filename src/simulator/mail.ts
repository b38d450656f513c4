import { randomUUID } from 'node:crypto'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { strikes, type Trouble } from './trouble.ts'
import type { Mail } from './types.ts'

export type MailSink = { url: string; readonly mails: Mail[]; close(): Promise<void> }
type Deps = { host: string; port: number; trouble: Trouble; now: () => number; changed(): void }

function smtpError(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code })
}

async function bodyOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

async function parse(raw: Buffer, to: string[], at: number): Promise<Mail> {
  const parsed = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' })
  return {
    id: randomUUID(), at, from: parsed.from?.address ?? '', to, subject: parsed.subject ?? '', text: parsed.text ?? '', html: parsed.html ?? '',
    headers: Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value])), raw,
    attachments: parsed.attachments.map((part) => {
      const data = typeof part.content === 'string' ? Buffer.from(part.content) : Buffer.from(new Uint8Array(part.content))
      return { filename: part.filename ?? '附件', mimeType: part.mimeType, size: data.length, contentId: (part.contentId ?? '').replace(/[<>]/g, ''), data }
    }),
  }
}

/** An SMTP server that keeps every mail, without TLS and with any or no password. */
export async function startMailSink(deps: Deps): Promise<MailSink> {
  const mails: Mail[] = []
  const { trouble } = deps

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const raw = await bodyOf(stream)
    if (strikes(trouble, 'mailBusy')) throw smtpError(451, '4.3.0 Try again later')
    mails.push(await parse(raw, session.envelope.rcptTo.map((one) => one.address), deps.now()))
    deps.changed()
  }

  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], hideSize: true, size: 30 * 1024 * 1024, disableReverseLookup: true,
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anyone' }),
    onConnect(_session, done) {
      if (strikes(trouble, 'mailClosed')) done(smtpError(554, 'No service here'))
      else done()
    },
    onRcptTo(_address, _session, done) {
      if (strikes(trouble, 'mailRefused')) done(smtpError(550, '5.1.1 No such mailbox'))
      else done()
    },
    onData(stream, session, done) {
      take(stream, session).then(() => {
        // The mail is ours, but the sender shall not learn it: he cannot know whether it arrived.
        if (strikes(trouble, 'mailUnanswered')) for (const one of server.connections) one.close()
        else done()
      }, done)
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(deps.port, deps.host, resolve)
  })
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : deps.port
  return { url: `smtp://${deps.host}:${port}`, mails, close: () => new Promise((resolve) => void server.close(() => resolve())) }
}
