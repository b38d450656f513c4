import { AppError } from '../../platform/errors.ts'
import type { Mailer } from './port.ts'

export { type BounceBox, createBounceBox } from './bounces.ts'
export type { Report } from './report.ts'
export type { Mail, Mailer, MailReceipt } from './port.ts'

/** The mailer that SMTP_URL names; without one every mail waits until there is one. */
export function createMailer(smtpUrl: string | undefined): Mailer {
  let mailer: Promise<Mailer> | undefined
  return {
    async send(mail) {
      if (smtpUrl === undefined) throw noServer()
      // Loaded with the first mail: a process is up earlier, and most send none.
      mailer ??= import('./smtp.ts').then(({ createSmtpMailer }) => createSmtpMailer({ url: smtpUrl }))
      return (await mailer).send(mail)
    },
  }
}

function noServer(): AppError {
  return new AppError('upstream', '没有配置发信服务器', { code: 'mail:unconfigured', retryAfter: 10 * 60_000 })
}
