import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { emailChanged } from '../events.ts'
import { sendMailboxLink } from '../job-definitions.ts'
import type { MailboxesTable } from '../mailbox-tables.ts'
import { readEmail } from '../rules/email.ts'
import { LINK_LIFE, linkRefusal, MAILBOX_DAY } from '../rules/mailbox.ts'
import { lineUp } from '../store/codes.ts'
import { endMailboxes, insertMailbox, linksAsked, mailboxById, saveEmail, settleMailbox, useMailbox } from '../store/mailboxes.ts'

type Keys = Pick<Keyring, 'sign' | 'verify'>

const PURPOSE = 'identity.mailbox'

/** Has a link mailed that confirms the mailbox; an older one is no good any more. Throws `invalid` for what is no address, `forbidden` for too many. */
export async function askMailbox(tx: Tx, actor: { person_id: string; number: string }, typed: string): Promise<void> {
  const email = readEmail(typed)
  if (email === null) throw new AppError('invalid', '电子邮箱的格式不对', { fields: { email: '电子邮箱的格式不对' } })
  const now = tx.bus.clock.now()
  await lineUp(tx, `mails-of-${actor.person_id}`)
  const refusal = linkRefusal(await linksAsked(tx, actor, now - MAILBOX_DAY), await linksAsked(tx, { email }, now - MAILBOX_DAY), now)
  if (refusal) throw new AppError('forbidden', refusal.sentence, { code: 'identity:mailbox-wait', params: refusal.params })
  await endMailboxes(tx, actor.person_id)
  const id = newId()
  await insertMailbox(tx, { id, person_id: actor.person_id, number: actor.number, email, asked_at: now, expires_at: now + LINK_LIFE })
  await enqueue(tx, sendMailboxLink, { mailbox_id: id })
}

/** What stands in the link: the row's id and its signature. Derived when sent and when checked, never kept. */
export function mailboxToken(keys: Keys, mailbox: MailboxesTable): string {
  return `${mailbox.id}.${keys.sign(PURPOSE, signed(mailbox))}`
}

/** The row that a link speaks of; null where it is made up, was used, replaced or is too old. */
export async function mailboxOf(db: Db, keys: Keys, token: string): Promise<MailboxesTable | null> {
  const [id = '', signature = ''] = token.split('.')
  const row = await mailboxById(db, id)
  return row && keys.verify(PURPOSE, signed(row), signature) ? row : null
}

export function isOpen({ used_at, ended_at, expires_at }: MailboxesTable, now: number): boolean {
  return used_at === null && ended_at === null && expires_at > now
}

/** The mailbox is the person's from now on. Once: a second time is a `conflict`. */
export async function confirmMailbox(tx: Tx, keys: Keys, token: string): Promise<void> {
  const row = await mailboxOf(tx, keys, token)
  if (!row || !isOpen(row, tx.bus.clock.now()) || !await useMailbox(tx, row.id)) throw new AppError('conflict', '这个链接已经用过、过期，或者后来又换了邮箱', { code: 'identity:mailbox-over' })
  await saveEmail(tx, row.person_id, row.email)
  await emit(tx, emailChanged, { number: row.number }, { subject: row.person_id, actor: { person_id: row.person_id, number: row.number } })
}

export async function recordLink(tx: Tx, id: string, refusal: string | null): Promise<void> {
  await settleMailbox(tx, id, refusal === null ? { sent_at: tx.bus.clock.now(), reason: null } : { refused_at: tx.bus.clock.now(), reason: refusal })
}

function signed({ id, person_id, email }: MailboxesTable): string {
  return `${id}\n${person_id}\n${email}`
}
