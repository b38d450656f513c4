import type { ImapFlow } from 'imapflow'
import { AppError } from '../../platform/errors.ts'
import { readReport, type Report } from './report.ts'

/** The mailbox in which mails about our mails arrive. */
export type BounceBox = {
  /**
   * Reads the mails that nobody has looked at, oldest first, at most `limit`, and hands over those that are reports. What was `taken`, and what
   * is no report, is marked as read; the rest, and what was handed over when a process was killed, comes again. Throws `upstream` where the
   * server is away, and what `take` throws.
   */
  each(limit: number, take: Take): Promise<void>
}

type Take = (report: Report) => Promise<'taken' | 'later'>

/** of a mail; what comes after it is not read */
const LARGEST = 256 * 1024

/** `imaps://USER:PASSWORD@HOST/FOLDER`; `imap://` uses STARTTLS where it is offered. */
export function createBounceBox(url: string | undefined): BounceBox | null {
  if (url === undefined) return null
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  const secure = protocol === 'imaps:'
  const settings = {
    host: hostname, port: port ? Number(port) : secure ? 993 : 143, secure, auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    logger: false as const, disableAutoIdle: true, connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 60_000,
  }
  return {
    async each(limit, take) {
      const imap = await import('imapflow')
      const client = new imap.ImapFlow(settings)
      const fault: { error?: unknown } = {}
      // What it says here it also throws to whoever is waiting.
      client.on('error', () => {})
      try {
        await client.connect()
        await client.mailboxOpen(decodeURIComponent(pathname.slice(1)) || 'INBOX')
        await handOver(client, limit, report => take(report).catch((error: unknown) => { fault.error = error; throw error }))
        await client.logout()
      } catch (error) {
        if ('error' in fault) throw fault.error
        throw new AppError('upstream', '收退信的邮箱暂时连不上', { code: 'mail:bounces', cause: error })
      } finally {
        client.close()
      }
    },
  }
}

async function handOver(client: ImapFlow, limit: number, take: Take): Promise<void> {
  const unseen = await client.search({ seen: false }, { uid: true }) || []
  for (const uid of unseen.slice(0, limit)) {
    const found = await client.fetchOne(String(uid), { source: { maxLength: LARGEST } }, { uid: true })
    const report = found && found.source ? await readReport(found.source).catch(() => null) : null
    if (report === null || await take(report) === 'taken') await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })
  }
}
