import type { Mailer } from '../../../integrations/mail/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Running, type Work, work } from '../../../platform/jobs.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { sendMailboxLink } from '../job-definitions.ts'
import { mailboxById } from '../store/mailboxes.ts'
import { isOpen, mailboxToken, recordLink } from '../verbs/mailbox.ts'

type Deps = { database: Database; clock: Clock; keyring: Pick<Keyring, 'sign' | 'verify'>; mailer: Mailer; mailFrom: string; publicUrl: string }

/** The links that confirm mailboxes. Sent twice it is the same link, so that nothing has to be asked when a connection broke. */
export function mailboxWorks(deps: Deps): Work[] {
  return [work(sendMailboxLink, ({ mailbox_id }, job) => deliver(deps, mailbox_id, job))]
}

async function deliver({ database: { db, write }, clock, keyring, mailer, mailFrom, publicUrl }: Deps, id: string, job: Running): Promise<void> {
  const row = await mailboxById(db, id)
  if (!row || row.sent_at !== null || row.refused_at !== null || !isOpen(row, clock.now())) return
  const record = (refusal: string | null) => write(async tx => {
    await job.hold(tx)
    await recordLink(tx, id, refusal)
  })
  try {
    await mailer.send({ from: mailFrom, to: row.email, attachments: [], messageId: `<${id}@${new URL(publicUrl).hostname}>`, ...words(`${publicUrl}/mailbox/${mailboxToken(keyring, row)}`) })
  } catch (error) {
    if (!(error instanceof AppError) || (error.kind === 'upstream' && !job.last)) throw error
    return await record(error.code?.replace('mail:', '') ?? 'away')
  }
  await record(null)
}

// A mail is read outside the hall, by whoever has the mailbox: both languages, and no name.
function words(link: string): { subject: string; text: string } {
  return {
    subject: '请确认这个邮箱 / Please confirm this mailbox',
    text: [
      '有人在学校办事大厅把这个邮箱设为接收通知和证明的邮箱。如果是你本人，请在 24 小时内打开下面的链接，再按页面上的“确认”：', '', link, '',
      '如果不是你本人，不用理会这封邮件，什么也不会改变。', '', '---', '',
      'Somebody named this mailbox in the service hall of the university as the one for notices and documents. If it was you, open the link within 24 hours and confirm on the page.',
      'If it was not you, ignore this mail: nothing will change.',
    ].join('\n'),
  }
}
