import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { AppError } from '../../platform/errors.ts'
import type { Mail, Mailer, MailReceipt } from './port.ts'
import { whyPutOff, whyRefused } from './why.ts'

type Options = {
  /** `smtp://` (STARTTLS where offered) or `smtps://`, with user and password percent-encoded */
  url: string
  /** ms until a connection, an answer, and the end of all of it */
  timeouts?: { connect: number; silence: number; total: number }
}

const TIMEOUTS = { connect: 10_000, silence: 30_000, total: 90_000 }

/** Sends by SMTP, one connection for each mail: a job sends one, and only a connection of our own tells how far it came. */
export function createSmtpMailer({ url, timeouts = TIMEOUTS }: Options): Mailer {
  const server = parseConnectionUrl(url)
  const { auth } = server
  const settings = { ...server, connectionTimeout: timeouts.connect, greetingTimeout: timeouts.connect, socketTimeout: timeouts.silence }
  return {
    async send(mail) {
      const { envelope, bytes } = await compose(mail)
      const connection = new SMTPConnection(settings)
      const way = { begun: false }
      try {
        return await within(timeouts.total, converse(connection, auth, envelope, bytes, way))
      } catch (error) {
        throw meaningOf(error, way.begun)
      } finally {
        connection.close()
      }
    },
  }
}

type Envelope = { from: string | false; to: string[]; size: number; dsn?: { ret: 'HDRS'; envid: string; notify: ('SUCCESS' | 'FAILURE' | 'DELAY')[] } }
type Auth = ReturnType<typeof parseConnectionUrl>['auth']

async function compose({ to, attachments, envelopeId, ...mail }: Mail): Promise<{ envelope: Envelope; bytes: Buffer }> {
  const node = new MailComposer({
    ...mail,
    // An object is taken as one address; a string would be read as a list.
    to: { name: '', address: to },
    attachments: attachments.map(file => ({ ...file, content: Buffer.from(file.content) })),
    disableFileAccess: true, disableUrlAccess: true,
  }).compile()
  const bytes = await node.build()
  // The headers alone come back: what was attached needs not travel twice.
  const dsn = envelopeId === undefined ? {} : { dsn: { ret: 'HDRS' as const, envid: envelopeId, notify: ['SUCCESS' as const, 'FAILURE' as const, 'DELAY' as const] } }
  return { envelope: { ...node.getEnvelope(), size: bytes.length, ...dsn }, bytes }
}

function converse(connection: SMTPConnection, auth: Auth, envelope: Envelope, bytes: Buffer, way: { begun: boolean }): Promise<MailReceipt> {
  // Read for the first time when the server has said 354: from then on the message is on its way.
  const message = new Readable({ read() { way.begun = true; this.push(bytes); this.push(null) } })
  return new Promise((resolve, reject) => {
    connection.on('error', reject)
    connection.connect(error => {
      if (error) return reject(error)
      const send = () => connection.send(envelope, message, (failure, info) => {
        if (failure) return reject(failure)
        connection.quit()
        resolve({ accepted: info.accepted.length > 0, response: info.response })
      })
      if (!auth || connection.authenticated) return send()
      connection.login(auth, failure => failure ? reject(failure) : send())
    })
  })
}

async function within<R>(ms: number, work: Promise<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('time limit')), ms) })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function meaningOf(error: unknown, begun: boolean): AppError {
  const { code, answer, command, kind } = said(error)
  const details = { cause: error, params: { answer } }
  if (code !== null && code >= 500 && ABOUT_THE_MAIL.has(command) && code !== AUTHENTICATION_REQUIRED) {
    return new AppError('invalid', whyRefused(answer), { ...details, code: `mail:${code}` })
  }
  // Found by the library before a byte went out: the server had said how much it takes.
  if (code === null && command === 'MAIL FROM' && kind === 'EMESSAGE') return new AppError('invalid', '邮件太大，对方的服务器不收', { ...details, code: 'mail:552' })
  if (code !== null) return new AppError('upstream', whyPutOff(answer), { ...details, code: `mail:${code}` })
  if (begun) return new AppError('upstream', '邮件发到一半断了，不知道有没有送到', { ...details, code: 'mail:unknown' })
  return new AppError('upstream', '没有连上邮件服务器', { ...details, code: 'mail:unreachable' })
}

// A 5xx to anything earlier (greeting, EHLO, AUTH) is about us and our settings, not about this mail.
const ABOUT_THE_MAIL = new Set(['MAIL FROM', 'RCPT TO', 'DATA'])
const AUTHENTICATION_REQUIRED = 530

function said(error: unknown): { code: number | null; answer: string; command: string; kind: string } {
  if (!(error instanceof Error)) return { code: null, answer: '', command: '', kind: '' }
  return {
    code: 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null,
    answer: 'response' in error && typeof error.response === 'string' ? error.response.slice(0, 300) : '',
    command: 'command' in error && typeof error.command === 'string' ? error.command : '',
    kind: 'code' in error && typeof error.code === 'string' ? error.code : '',
  }
}
