import { AppError } from '../../platform/errors.ts'
import type { Mailer } from './port.ts'
import { createSmtpMailer } from './smtp.ts'

export { type BounceBox, createBounceBox } from './bounces.ts'
export type { Report } from './report.ts'
export type { Mail, Mailer, MailReceipt } from './port.ts'
export { createSmtpMailer } from './smtp.ts'

/** The mailer that SMTP_URL names; without one every mail waits until there is one. */
export function createMailer(smtpUrl: string | undefined): Mailer {
  return smtpUrl === undefined ? { send: async () => { throw noServer() } } : createSmtpMailer({ url: smtpUrl })
}

function noServer(): AppError {
  return new AppError('upstream', '没有配置发信服务器', { code: 'mail:unconfigured', retryAfter: 10 * 60_000 })
}
