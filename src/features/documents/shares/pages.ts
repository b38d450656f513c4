import { dayParts, schoolTime } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { type DeliveryRow, deliveryView } from '../../messages/index.ts'
import type { Tag } from '../pages/list.ts'
import type { DocumentRow } from '../tables.ts'
import { LINK_MAIL } from './notices.ts'
import { LONGEST, MOST_VIEWS, type Standing, standingOf } from './rules.ts'
import type { ListedShare, OpenedShare } from './store.ts'
import type { Share, ShareOpening } from './tables.ts'

const STANDINGS: Record<Standing, Tag> = {
  open: { text: '有效', meaning: 'green' },
  ended: { text: '本人已结束', meaning: 'grey' },
  expired: { text: '已到期', meaning: 'grey' },
  'used-up': { text: '次数已用完', meaning: 'grey' },
  revoked: { text: '文件已作废', meaning: 'amber' },
}

function tagOf(standing: Standing, t: T): Tag {
  return { ...STANDINGS[standing], text: t(STANDINGS[standing].text) }
}

const dayOf = (at: number, t: T) => t('{year}年{month}{day}日', dayParts(t, at))

const viewsOf = ({ views, views_most }: Pick<Share, 'views' | 'views_most'>, t: T) =>
  views_most === null ? t('打开过 {n} 次', { n: views }) : t('打开过 {n} 次，最多 {most} 次', { n: views, most: views_most })

export const PAGE_SIZE = 20

type Listing = { rows: readonly ListedShare[]; now: number; t: T; /** the document whose links they are */ document?: DocumentRow | undefined; canShare?: boolean }

/** A person's links, of one document or of all; `rows` holds one more than is shown. */
export function sharesPage({ rows, now, t, document, canShare = false }: Listing) {
  const shown = rows.slice(0, PAGE_SIZE)
  return {
    title: t('分享链接'), lead: document && `${t(document.title)} · ${document.number}`,
    back: document ? { label: t('文件信息'), href: `/documents/${document.id}` } : { label: t('申请记录'), href: '/documents' },
    next: rows.length > PAGE_SIZE ? `?before=${shown.at(-1)?.id ?? ''}` : undefined,
    make: document && canShare ? `/documents/${document.id}/shares/new` : undefined,
    items: shown.map(row => ({
      title: row.recipient ?? t('知道链接的人'), icon: 'external', href: `/documents/shares/${row.id}`, time: row.created_at, tag: tagOf(standingOf(row, { status: row.document_status }, now), t),
      note: [...document ? [] : [t(row.title)], t('有效至 {day}', { day: dayOf(row.expires_at, t) }), viewsOf(row, t)].join(' · '),
    })),
  }
}

export type Typed = Partial<Record<'until' | 'views' | 'passcode' | 'recipient' | 'mailbox' | 'purpose' | 'consent', string>>
export type Faults = Partial<Record<keyof Typed | 'whole', string>>
type Notice = { html: string; hash: string }
type Form = { document: DocumentRow; typed: Typed; errors: Faults; notice: Notice; now: number; t: T }

const inWords = (t: T, errors: Faults): Record<string, string> => Object.fromEntries(Object.entries(errors).map(([name, sentence]) => [name, t(sentence)]))

/** A new link. */
export function newSharePage({ document, typed, errors, notice, now, t }: Form) {
  return {
    title: t('分享文件'), lead: `${t(document.title)} · ${document.number}`, back: { label: t('文件信息'), href: `/documents/${document.id}` }, action: `/documents/${document.id}/shares`,
    form: typed, errors: inWords(t, errors), first: schoolTime(now).date, longest: LONGEST, most: MOST_VIEWS, consent: consentOf(notice, t, errors.consent),
  }
}

function consentOf(notice: Notice, t: T, error: string | undefined) {
  return { ...notice, bare: true, title: t('把文件分享给指定的人'), label: t('我同意学校把链接寄给这个人，由对方查看这份文件'), help: t('不填收件人就不用选'), error: error && t(error) }
}

type SharePage = {
  share: Share; document: DocumentRow; deliveries: readonly DeliveryRow[]; openings: readonly Pick<ShareOpening, 'what' | 'at'>[]
  address: string | null; passcode: string | null; svg: string | null
  typed: Typed; errors: Faults; notice: Notice; now: number; t: T
}

export const OPENING_WORDS: Record<ShareOpening['what'], { text: string; icon: string }> = {
  opened: { text: '有人打开了链接', icon: 'external' }, downloaded: { text: '有人下载了文件', icon: 'download' }, refused: { text: '有人输错口令，暂停了十分钟', icon: 'lock' },
  verified: { text: '有人在真伪认证用口令看了内容', icon: 'shield' },
}

/** One link as its owner sees it: what to hand over, what became of it, and its end. */
export function sharePage({ share, document, deliveries, openings, address, passcode, svg, typed, errors, notice, now, t }: SharePage) {
  const standing = standingOf(share, document, now)
  const path = `/documents/shares/${share.id}`
  const usable = standing === 'open'
  return {
    title: t('分享链接'), lead: `${t(document.title)} · ${document.number}`, tag: tagOf(standing, t), back: { label: t('全部分享'), href: `/documents/${document.id}/shares` },
    warning: usable && address === null ? t('学校换过密钥，这个链接不能再显示。请结束它，新开一个') : standing === 'revoked' ? t('这份文件已经作废，打开链接的人会看到已作废') : standing === 'used-up' ? t('这个链接不能再打开。还有人要看，请新开一个分享') : undefined,
    link: usable && address !== null && svg !== null ? { address, svg, passcode } : undefined,
    rows: rowsOf(share, t),
    deliveries: deliveries.map(delivery => deliveryOf(delivery, { path, usable, kinds: deliveries, opened: share.views > 0 }, t)),
    openings: openings.map(({ what, at }) => ({ name: t(OPENING_WORDS[what].text), icon: OPENING_WORDS[what].icon, at })),
    // A later day helps no link that is used up.
    until: standingOf({ ...share, expires_at: Infinity }, document, now) === 'open' ? { action: `${path}/expiry`, value: typed.until ?? schoolTime(share.expires_at).date, error: errors.until && t(errors.until), first: schoolTime(now).date } : undefined,
    sending: usable && address !== null ? { action: `${path}/sending`, open: errors.recipient !== undefined || errors.mailbox !== undefined || errors.consent !== undefined, form: typed, errors: inWords(t, errors), consent: { ...consentOf(notice, t, errors.consent), help: undefined } } : undefined,
    ending: share.status === 'open' ? `${path}/ending` : undefined,
  }
}

function rowsOf(share: Share, t: T) {
  return [
    { label: t('分享给'), value: share.recipient ?? t('知道链接的人') },
    ...share.purpose ? [{ label: t('用途'), value: share.purpose }] : [],
    { label: t('有效至'), value: dayOf(share.expires_at, t) },
    { label: t('口令'), value: share.passcode ? t('要口令') : t('不要口令') },
    { label: t('打开次数'), value: viewsOf(share, t) },
    { label: t('开通时间'), time: share.created_at },
    ...share.ended_at === null ? [] : [{ label: t('结束时间'), time: share.ended_at }],
  ]
}

type Around = { path: string; usable: boolean; kinds: readonly DeliveryRow[]; /** somebody came by the link */ opened: boolean }

function deliveryOf(delivery: DeliveryRow, { path, usable, opened }: Around, t: T) {
  const { note, tag, at, can_resend } = deliveryView(delivery, t)
  const link = delivery.kind === LINK_MAIL
  return {
    cell: { icon: link ? 'mail' : 'key', title: link ? t('寄链接的邮件') : t('寄口令的邮件'), note, tag: link && opened && ['sent', 'delivered', 'unknown'].includes(delivery.status) ? { text: t('已打开'), meaning: 'green' as const } : tag, time: at },
    resend: usable && can_resend ? `${path}/deliveries/${delivery.id}/resending` : undefined,
  }
}

/** The links to a document among what was sent of it: whether, how often and when they were opened. */
export function linkCells(shares: readonly OpenedShare[], document: Pick<DocumentRow, 'status'>, now: number, t: T) {
  return shares.map(share => ({
    icon: 'external', title: t('分享链接'), note: [share.recipient ?? t('知道链接的人'), viewsOf(share, t)].join(' · '), href: `/documents/shares/${share.id}`, time: share.opened_at ?? share.created_at,
    tag: share.views > 0 ? { text: t('已打开'), meaning: 'green' as const } : standingOf(share, document, now) === 'open' ? { text: t('还没有打开'), meaning: 'grey' as const } : tagOf(standingOf(share, document, now), t),
  }))
}

/** The same for what happened to the document. */
export function linkEvents(shares: readonly OpenedShare[], t: T) {
  return shares.flatMap(share => share.opened_at === null ? [] : [{ name: t('分享链接已打开'), at: share.opened_at, icon: 'external', comment: [share.recipient ?? t('知道链接的人'), viewsOf(share, t)].join(' · ') }])
}

/** What a stranger reads before anything is shown. */
export function gatePage({ share, error, t }: { share: Share; error?: string; t: T }, token: string) {
  return {
    title: t('有人给你分享了一份文件'), action: `/share/${token}`, passcode: share.passcode === 1, error: error && t(error),
    rows: [
      { label: t('有效至'), value: dayOf(share.expires_at, t) },
      ...share.views_most === null ? [] : [{ label: t('还能打开'), value: t('{n} 次', { n: Math.max(0, share.views_most - share.views) }) }],
    ],
  }
}

/** The document, for whoever came in. */
export function sharedPage({ share, document, t }: { share: Share; document: DocumentRow; t: T }, { token, verify }: { token: string; verify: string }) {
  const { unit, name = '' } = document.facts
  return {
    title: t(document.title), lead: t('{name}分享给你的文件', { name }), file: `/share/${token}/file`, verify,
    verdict: { state: 'genuine', sentence: t('这份文件由学校出具，现在有效'), checks: [{ ok: true, text: t('从这里下载的就是学校登记的原始文件') }, { ok: true, text: t('没有作废') }] },
    rows: [
      { label: t('持有人'), value: name }, ...unit ? [{ label: t('院系'), value: unit }] : [], { label: t('文件编号'), value: document.number }, { label: t('出具日期'), value: dayOf(document.created_at, t) },
      ...share.purpose ? [{ label: t('用途'), value: share.purpose }] : [],
      { label: t('有效至'), value: dayOf(share.expires_at, t) },
      ...share.views_most === null ? [] : [{ label: t('还能打开'), value: t('{n} 次', { n: Math.max(0, share.views_most - share.views) }) }],
    ],
  }
}
