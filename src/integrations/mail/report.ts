import PostalMime, { type Email } from 'postal-mime'
import { REFUSED, whyRefused } from './why.ts'

/** What a mail server said of a mail of ours, later and by mail. */
export type Report = {
  /** `delivered`: into the mailbox. `relayed`: on to a server that reports nothing. `delayed`: it is still being tried. */
  outcome: 'failed' | 'delivered' | 'relayed' | 'delayed'
  /** a phrase */
  reason: string
  /** the server's own words */
  detail: string
  /** texts in which the name that the mail went out under may stand: envelope id, message ids, the headers that came back */
  texts: readonly string[]
}

/**
 * Reads a mail as a report about another: a delivery status notification (RFC 3464), or one in a provider's own words, as those of QQ and 163.
 * Null for everything else, as an answer, or a note that somebody is away.
 */
export async function readReport(raw: Uint8Array): Promise<Report | null> {
  const email = await PostalMime.parse(raw, { forceRfc822Attachments: true, attachmentEncoding: 'arraybuffer' })
  const parts = email.attachments.map(({ mimeType, content }) => ({ mimeType, text: typeof content === 'string' ? content : new TextDecoder().decode(content) }))
  const status = parts.find(part => /^message\/(global-)?delivery-status$/.test(part.mimeType))
  const texts = [...status ? [status.text] : [], ...parts.map(part => part.text), email.inReplyTo ?? '', email.references ?? '', email.text ?? '', email.html ?? '']
  if (status) return standardReport(status.text, texts)
  return isBounce(email) ? { outcome: 'failed', ...wordsOf(email), texts } : null
}

const OUTCOMES: Readonly<Record<string, Report['outcome']>> = { failed: 'failed', delivered: 'delivered', expanded: 'relayed', relayed: 'relayed', delayed: 'delayed' }

const REASONS = { delivered: '对方的邮件服务器确认已放进邮箱', relayed: '已转交给下一个邮件服务器，之后没有回执', delayed: '对方的邮件服务器暂时没有收下，还在重试' }

/** A mail of ours has one recipient, so the first block that tells of one tells of ours. */
function standardReport(status: string, texts: readonly string[]): Report | null {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*((?:.*)(?:\\r?\\n[ \\t]+.*)*)`, 'im').exec(status)?.[1]?.replace(/\s+/g, ' ').trim() ?? ''
  const told = OUTCOMES[field('Action').toLowerCase().split(/[\s(]/, 1)[0] ?? '']
  if (!told) return null
  // Exim calls delivered what another server took from it; whether that put it into the mailbox it does not know.
  const outcome = told === 'delivered' && field('Remote-MTA') !== '' ? 'relayed' : told
  const [code, said] = [field('Status').split(' ', 1)[0] ?? '', field('Diagnostic-Code').replace(/^[\w-]+;\s*/, '')]
  const reason = outcome === 'failed' ? whyRefused(said, /^[45]\.\d{1,3}\.\d{1,3}$/.test(code) && !code.endsWith('.0.0') ? code : undefined) : REASONS[outcome]
  return { outcome, reason, detail: said || code, texts }
}

/** Whoever sends it, an automatic answer is none, although it names our mail as well. */
function isBounce({ from, subject = '', headers }: Email): boolean {
  const header = (key: string) => headers.find(each => each.key === key)?.value ?? ''
  if (/auto-replied/i.test(header('auto-submitted')) || header('x-autoreply') !== '') return false
  const server = /^(mailer-?daemon|post-?master|mail-?daemon|mdaemon|bounces?)(@|$|[+-])/i.test(from?.address ?? '') || header('return-path').trim() === '<>'
  return server && /退信|退回|undeliver|undelivered|delivery (status|failure|has failed)|returned (mail|to sender)|failure notice|mail delivery failed|bounce/i.test(`${subject} ${header('x-failed-recipients') && 'bounce'}`)
}

function wordsOf({ text = '', html = '' }: Email): { reason: string; detail: string } {
  const words = (text || html.replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ').trim()
  // The server's sentence, where there is one; a provider's page around it is of no use.
  const said = /\b[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3})?.{0,200}/.exec(words)?.[0] ?? /(?:退信原因|原因|reason)\s*[:：]?\s*(.{0,200})/i.exec(words)?.[1] ?? ''
  return { reason: said ? whyRefused(said) === REFUSED ? whyRefused(words) : whyRefused(said) : whyRefused(words), detail: said.trim() }
}
