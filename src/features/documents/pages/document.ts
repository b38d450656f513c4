import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { type DeliveryRow, deliveryView } from '../../messages/index.ts'
import { canGiveAway, canRedraw, canReissue, canRevoke, canRevokeOwn, grouped, inArrears, whyNotSend } from '../rules.ts'
import { canShare } from '../shares/rules.ts'
import type { Verified } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import { readTrouble, remedy, troubleSentence } from '../trouble.ts'
import { tagOf } from './list.ts'

type DocumentPage = {
  document: DocumentRow
  deliveries: readonly DeliveryRow[]
  verifications: readonly Verified[]
  /** documents wait for something that an administrator has to mend */
  held: boolean
  viewer: SignedIn
  now: number
  t: T
  /** the mailbox form as it was sent, where it came back */
  mailing?: MailingForm
  /** what is agreed to before a document goes to somebody else */
  notice: { html: string; hash: string }
}

/** How it was verified, in words. */
export const VERIFIED_WORDS: Record<Verified['how'], string> = { file: '有人用文件核验', code: '有人用验证码核验', badge: '有人用数字凭证核验' }

export type MailingForm = { address: string; whose?: string | undefined; errors: { mailbox?: string; whose?: string; consent?: string } }

/** What its owner and administrators read of a document. */
export function documentPage({ document, deliveries, verifications, held, viewer, now, t, mailing, notice }: DocumentPage) {
  const [sendable, own] = [whyNotSend(document, deliveries, now) === null, canGiveAway(viewer, document)]
  const arrears = inArrears(deliveries)
  return {
    title: t(document.title), tag: tagOf(document, t),
    running: document.status === 'reserved',
    notice: noticeOf(document, { held, viewer, now, t }),
    file: document.sha256 && `/documents/${document.id}/file`,
    rows: [...rowsOf(document, t), ...own && document.status === 'issued' && document.record_of === null ? credentialRows(document, t) : []],
    deliveries: deliveries.map(delivery => ({ ...deliveryCell(document, delivery, sendable, t), urgent: arrears.includes(delivery) })),
    mailing: sendable && {
      action: `/documents/${document.id}/mailing`, open: mailing !== undefined || arrears.some(({ part, status }) => part === 'mail' && status !== 'unknown'), field: { value: mailing?.address ?? document.mail_to ?? '', error: inWords(t, mailing?.errors.mailbox) },
      whose: { value: mailing?.whose, error: inWords(t, mailing?.errors.whose), options: [{ value: 'mine', text: own ? t('我自己的邮箱') : t('本人的邮箱') }, ...own ? [{ value: 'other', text: t('别人的邮箱'), help: t('单位、学校或其他人，要同意下面的说明') }] : []] },
      consent: own && { ...notice, bare: true, title: t('把文件寄给别人'), label: t('我同意学校把这份文件提供给这个邮箱的主人'), help: t('寄给自己不用选'), error: inWords(t, mailing?.errors.consent) },
    },
    share: canShare(viewer, document) && { title: t('分享链接'), note: t('定期限、次数和口令，随时能结束'), icon: 'external', href: `/documents/${document.id}/shares` },
    log: { title: t('文件日志'), note: t('签章、发送、核验，从头到尾，可以下载'), icon: 'clock', href: `/documents/${document.id}/log` },
    verifications: verifications.map(({ at, how, organisation }) => ({ name: t(VERIFIED_WORDS[how]), at, icon: 'shield', ...organisation && { comment: t('自报单位：{organisation}', { organisation }) } })),
    revoke: canRevoke(viewer, document) ? `/admin/documents/${document.id}/revocation` : canRevokeOwn(viewer, document) && `/documents/${document.id}/revocation`,
    reissue: canReissue(viewer, document) && `/admin/documents/${document.id}/reissue`,
    redraw: canRedraw(viewer, document) && `/admin/documents/${document.id}/redrawing`,
  }
}

const inWords = (t: T, sentence: string | undefined): string | undefined => sentence && t(sentence)

// Drawing takes a second; who waits longer than this is told that it is not as usual.
const USUAL = 10 * 60_000

function noticeOf(document: DocumentRow, { held, viewer, now, t }: Pick<DocumentPage, 'held' | 'viewer' | 'now' | 't'>): { meaning: 'info' | 'warn'; text: string } | undefined {
  if (document.status === 'reserved') {
    if (held) return { meaning: 'warn', text: t('学校的服务器暂时不能生成文件，这份文件在排队。管理员的后台已有提示，恢复以后会自动生成并发出，不用重新申请') }
    if (now - document.created_at > USUAL) return { meaning: 'warn', text: t('这份文件比平时久。管理员可以在后台作业里看到原因，生成以后会自动发出，不用重新申请') }
    return { meaning: 'info', text: t('正在生成并签章，通常只要几秒，好了会发到企业微信和邮箱。可以离开这个页面') }
  }
  if (document.status === 'impossible' && document.reason) {
    const said = canRedraw(viewer, document) ? remedy(readTrouble(document.reason), t) : t('管理员已收到通知，更正以后会自动发出，不用重新申请')
    return { meaning: 'warn', text: said }
  }
  if (document.status === 'revoked') return { meaning: 'warn', text: t('这份文件已经作废，核验的人会看到作废和原因。需要时可以重新申请') }
  return undefined
}

const ICONS: Record<DeliveryRow['part'], string> = { card: 'bell', textcard: 'bell', file: 'file', mail: 'mail', digest: 'bell' }

function deliveryCell(document: DocumentRow, delivery: DeliveryRow, sendable: boolean, t: T) {
  const { channel_label, note, tag, at, can_resend } = deliveryView(delivery, t)
  return {
    cell: { icon: ICONS[delivery.part], title: channel_label, note, tag, time: at },
    resend: sendable && can_resend && `/documents/${document.id}/deliveries/${delivery.id}/resending`,
  }
}

/** The same facts for wallets and programs. */
function credentialRows({ id }: DocumentRow, t: T) {
  return [
    { label: t('数字凭证'), value: t('下载（Open Badges 3.0）'), href: `/documents/${id}/credential` },
    { label: t('另一种格式'), value: t('下载（JSON-LD）'), href: `/documents/${id}/credential?form=jsonld` },
  ]
}

function rowsOf(document: DocumentRow, t: T) {
  const { reason, status } = document
  return [
    { label: t('文件编号'), value: document.number },
    { label: t('持有人'), value: `${document.facts.name ?? ''} ${document.person_number}` },
    ...(document.issued_at ? [{ label: t('签章时间'), time: document.issued_at }] : []),
    ...(status === 'issued' ? [{ label: t('验证码'), value: grouped(document.code) }] : []),
    ...(document.facts.replaces ? [{ label: t('替换的文件'), value: document.facts.replaces }] : []),
    ...(document.mail_to ? [{ label: t('寄往邮箱'), value: document.mail_to }] : []),
    ...([document.application_id ?? document.record_of].flatMap(id => id ?? []).map(id => ({ label: t('来自申请'), value: t('查看申请'), href: `/applications/${id}` }))),
    ...(status === 'revoked' && document.ended_at ? [{ label: t('作废时间'), time: document.ended_at }] : []),
    ...(reason ? [{ label: t('原因'), value: status === 'impossible' ? troubleSentence(readTrouble(reason), t) : reason, whole: true }] : []),
  ]
}
