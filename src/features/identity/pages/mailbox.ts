import type { T } from '../../../platform/text.ts'
import type { MailboxesTable } from '../mailbox-tables.ts'
import { maskEmail, maskName } from '../rules/mask.ts'

type Errors = Record<string, string>
type Fare = { meaning: 'info' | 'warn' | 'error' | 'done'; text: string; running: boolean }

/** 设置邮箱. `waiting`: a link that was asked for and not confirmed. */
export function mailboxPage({ t, now, waiting, typed, errors, at }: { t: T; now: { email: string; proven: boolean } | null; waiting: MailboxesTable | null; typed: string; errors: Errors; at: number }) {
  return {
    title: t('设置邮箱'), errors, waiting: waiting && waiting.expires_at > at ? fareOf(t, waiting) : null,
    now: now === null ? null : { label: t('现在的邮箱'), value: `${maskEmail(now.email)} · ${now.proven ? t('已确认') : t('未确认')}` },
    email: {
      name: 'email', type: 'email', label: t('电子邮箱'), value: typed, error: errors['email'], required: true, autocomplete: 'email', inputmode: 'email', maxlength: 254,
      help: t('会收到一封带链接的邮件，打开链接并确认后才生效'),
    },
  }
}

function fareOf(t: T, { email, sent_at, refused_at }: MailboxesTable): Fare {
  const params = { email: maskEmail(email) }
  if (sent_at !== null) return { meaning: 'info', text: t('确认邮件已发到 {email}，请在 24 小时内打开邮件里的链接', params), running: false }
  if (refused_at !== null) return { meaning: 'error', text: t('确认邮件没有发到 {email}。请核对邮箱，换一个再试', params), running: false }
  return { meaning: 'info', text: t('正在把确认邮件发到 {email}', params), running: true }
}

/** Where the mailed link leads: a question, because mail scanners open links too. */
export function confirmPage(t: T, { token, email, name }: { token: string; email: string; name: string }) {
  return {
    title: t('设置邮箱'), heading: false,
    confirm: {
      title: t('确认这个邮箱'), sentence: t('把 {email} 设为 {name} 接收通知和证明的邮箱。如果不是你本人，关闭这个页面就可以，什么也不会改变', { email: maskEmail(email), name: maskName(name) }),
      action: `/mailbox/${token}`, label: t('确认'), back: '/',
    },
  }
}

export function overPage(t: T) {
  return {
    title: t('设置邮箱'), meaning: 'warn', sentence: t('这个链接已经用过、过期，或者后来又换了邮箱。现在的邮箱没有改变；要换邮箱，请登录后重新设置'), note: null,
    actions: [{ label: t('登录后设置邮箱'), href: '/account/email', kind: 'main' }],
  }
}

export function donePage(t: T, email: string) {
  return { title: t('设置邮箱'), meaning: 'done', sentence: t('邮箱已设置为 {email}，以后通知和证明会发到这里', { email: maskEmail(email) }), note: null, actions: [{ label: t('打开办事大厅'), href: '/', kind: 'main' }] }
}
