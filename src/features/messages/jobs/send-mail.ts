import type { Mail, Mailer } from '../../../integrations/mail/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database, Db } from '../../../platform/db.ts'
import { AppError, isOutcome } from '../../../platform/errors.ts'
import { type Outcome, type Running, work, type Work } from '../../../platform/jobs.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { contentType, filesOf } from '../content.ts'
import { mailName } from '../naming.ts'
import { isPutOff, putOff } from '../rules.ts'
import { findDelivery } from '../store/deliveries.ts'
import { getMessage } from '../store/messages.ts'
import type { Delivery, MessageRow } from '../tables.ts'
import { type PerMinute, recordRefused, recordSent, recordUnknown, release, start, waitForDomain } from '../verbs/deliver.ts'
import { tellFailed } from '../verbs/report.ts'
import type { Binding } from '../verbs/tell.ts'
import { sendMail } from './define.ts'
import { whileStoreAway } from './store-away.ts'

export type SendMailDeps = {
  database: Database
  clock: Clock
  keyring: Pick<Keyring, 'sign' | 'verify'>
  mailPerMinute: PerMinute
  mailer: Mailer
  files: { get(sha256: string): Promise<Uint8Array> }
  mailFrom: string
  publicUrl: string
  /** What stands in double braces in mails of a kind about a thing; kept nowhere, so derived now. Throws where there is no such thing any more. */
  secretsOf(db: Db, kind: string, subject: string): Promise<Record<string, string>>
} & Pick<Binding, 'wecomUseridsOf'>

/** Sends one mail. SMTP knows no duplicates: a delivery found half-sent by a second run is 结果未知, and only a person sends it again. */
export function sendMailWork(deps: SendMailDeps): Work {
  const { database: { db, write } } = deps
  return work(sendMail, async ({ delivery_id }, job) => {
    const delivery = await findDelivery(db, delivery_id)
    if (delivery?.status === 'sending') {
      return await write(async tx => {
        await job.hold(tx)
        await recordUnknown(tx, delivery, { reason: '发送时程序中断，不知道有没有送到', code: 'messages:interrupted' })
      })
    }
    if (delivery?.status === 'queued') return await send(deps, delivery, job).catch(whileStoreAway)
  })
}

async function send(deps: SendMailDeps, delivery: Delivery, job: Running): Promise<Outcome> {
  const { database: { db, write }, mailer, mailPerMinute } = deps
  const message = await getMessage(db, delivery.message_id)
  const mail = await compose(deps, delivery, message, job)
  if (!mail) return
  const wait = await write(async tx => {
    await job.hold(tx)
    const ms = await waitForDomain(tx, delivery, mailPerMinute)
    if (ms === 0) await start(tx, delivery, { address: mail.to, body: null })
    return ms
  })
  if (wait > 0) return { later: wait }
  try {
    await mailer.send(mail)
  } catch (error) {
    return await failed(deps, delivery, job, error)
  }
  await write(async tx => { await job.hold(tx); await recordSent(tx, delivery, {}) })
}

async function compose({ database: { db, write }, files, mailFrom, publicUrl, secretsOf, keyring }: SendMailDeps, delivery: Delivery, message: MessageRow, job: Running): Promise<Mail | null> {
  try {
    const attachments = await Promise.all(filesOf(message).map(async ({ sha256, filename }) =>
      ({ filename, content: await files.get(sha256), contentType: contentType(filename) })))
    const name = mailName(keyring, delivery.id)
    const secrets = await secretsOf(db, message.kind, message.subject)
    return {
      from: mailFrom, to: delivery.address ?? '', subject: message.title, text: filled(message.text ?? '', secrets), html: message.html ?? undefined,
      attachments, messageId: `<${name}@${new URL(publicUrl).hostname}>`, envelopeId: name,
    }
  } catch (error) {
    if (!isOutcome(error)) throw error
    await write(async tx => { await job.hold(tx); await recordRefused(tx, delivery, { reason: error.message, code: error.code }) })
    return null
  }
}

async function failed({ database: { write }, clock, ...binding }: SendMailDeps, delivery: Delivery, job: Running, error: unknown): Promise<Outcome> {
  if (!(error instanceof AppError)) throw error // stays 'sending': the next run calls it unknown
  const answer = error.params?.['answer']
  const why = { reason: error.message, code: error.code, detail: answer === undefined ? undefined : String(answer) }
  const record = (verb: typeof recordUnknown) => write(async tx => { await job.hold(tx); await verb(tx, delivery, why) })
  const refused = (reason: string) => write(async tx => {
    await job.hold(tx)
    await recordRefused(tx, delivery, { ...why, reason })
    await tellFailed(tx, binding, delivery, { title: '有一封邮件没有寄到', reason })
  })
  if (error.code === 'mail:unknown') return await record(recordUnknown)
  if (error.kind !== 'upstream') return await refused(why.reason)
  if (isPutOff(error.code)) {
    const wait = putOff(clock.now() - delivery.created_at)
    if (wait === null) return await refused('对方的邮件服务器两天里一直没有收下')
    await record(release)
    return { later: wait }
  }
  await record(release)
  if (error.retryAfter !== undefined) return { later: error.retryAfter }
  throw error
}

function filled(text: string, secrets: Record<string, string>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => secrets[name] ?? whole)
}
