import { schoolTime } from '../../platform/dates.ts'
import type { T } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'
import { maskName, maskNumber } from '../identity/index.ts'
import { type DeliveryRow, deliveryView } from '../messages/index.ts'
import { PAGE_SIZE } from './routes.ts'
import { canRevoke, grouped, type Verdict } from './rules.ts'
import type { DocumentRow } from './tables.ts'
import type { Verification } from './verify.ts'

type Tag = { text: string; meaning: 'green' | 'amber' | 'red' | 'grey' | 'blue' }

const TAGS: Record<DocumentRow['status'], Tag> = {
  reserved: { text: '生成中', meaning: 'blue' },
  issued: { text: '已签章', meaning: 'green' },
  impossible: { text: '没有生成', meaning: 'red' },
  revoked: { text: '已作废', meaning: 'amber' },
}

function tagOf({ status }: DocumentRow, t: T): Tag {
  return { ...TAGS[status], text: t(TAGS[status].text) }
}

/** A page of rows and the address of the next one; `rows` holds one more than is shown. */
function paged(rows: readonly DocumentRow[], address: string): { shown: readonly DocumentRow[]; next?: string } {
  const shown = rows.slice(0, PAGE_SIZE)
  const last = shown.at(-1)
  return rows.length > PAGE_SIZE && last ? { shown, next: `${address}before=${last.id}` } : { shown }
}

export function listPage(rows: readonly DocumentRow[], t: T) {
  const { shown, next } = paged(rows, '?')
  return {
    title: t('申请记录'), next,
    items: shown.map(row => ({ title: t(row.title), note: row.number, icon: 'certificate', href: `/documents/${row.id}`, tag: tagOf(row, t), time: row.created_at })),
  }
}

type DocumentPage = { document: DocumentRow; deliveries: readonly DeliveryRow[]; verifications: readonly { at: number; how: string }[]; viewer: SignedIn; t: T }

export function documentPage({ document, deliveries, verifications, viewer, t }: DocumentPage) {
  return {
    title: t(document.title), document, tag: tagOf(document, t),
    running: document.status === 'reserved',
    file: document.sha256 && `/documents/${document.id}/file`,
    rows: rowsOf(document, t),
    deliveries: deliveries.map(delivery => deliveryCell(document, delivery, t)),
    verifications: verifications.map(({ at, how }) => ({ name: how === 'file' ? t('有人用文件核验') : t('有人用验证码核验'), at, icon: 'shield' })),
    revoke: canRevoke(viewer, document) && `/admin/documents/${document.id}/revocation`,
  }
}

const ICONS: Record<DeliveryRow['part'], string> = { card: 'bell', textcard: 'bell', file: 'file', mail: 'mail' }

function deliveryCell(document: DocumentRow, delivery: DeliveryRow, t: T) {
  const { channel_label, address, reason, tag, at, can_resend } = deliveryView(delivery, t)
  return {
    cell: { icon: ICONS[delivery.part], title: `${channel_label} ${address ?? ''}`.trim(), note: reason, tag, time: at },
    resend: can_resend && `/documents/${document.id}/deliveries/${delivery.id}/resending`,
  }
}

function rowsOf(document: DocumentRow, t: T) {
  return [
    { label: t('文件编号'), value: document.number },
    { label: t('持有人'), value: `${document.facts.name ?? ''} ${document.person_number}` },
    ...(document.issued_at ? [{ label: t('签章时间'), time: document.issued_at }] : []),
    ...(document.status === 'issued' ? [{ label: t('验证码'), value: grouped(document.code) }] : []),
    ...(document.mail_to ? [{ label: t('寄往邮箱'), value: document.mail_to }] : []),
    ...(document.application_id ? [{ label: t('来自申请'), value: t('查看申请'), href: `/applications/${document.application_id}` }] : []),
    ...(document.reason ? [{ label: t('原因'), value: document.reason, whole: true }] : []),
  ]
}

const SENTENCES: Record<Verdict, string> = {
  genuine: '这份文件由学校出具，内容没有改动过，现在有效',
  altered: '这份文件在签章之后被改动过，内容不可信，不要采用',
  unknown: '登记簿里没有这份文件。请检查验证码是否输全，或者核验原始的 PDF',
  revoked: '这份文件确实由学校出具，但已经作废，不要再采用',
}

/** What a stranger reads: the verdict, each check by itself, and what was certified with the holder's name masked. */
export function verdictPage({ verdict, document, signature }: Verification, t: T) {
  return {
    title: t('真伪认证'),
    verdict: { state: verdict, sentence: t(SENTENCES[verdict]), checks: signature ? fileChecks(signature, document, t) : codeChecks(document, t) },
    certified: document && verdict !== 'altered' ? certifiedRows(document, t) : [],
    byCode: !signature,
  }
}

type Check = { ok: boolean | null; text: string; note?: string }

function codeChecks(document: DocumentRow | undefined, t: T): Check[] {
  if (!document) return [{ ok: false, text: t('验证码不在学校的登记簿里') }]
  return [{ ok: true, text: t('验证码在学校的登记簿里') }, stillValid(document, t)]
}

function fileChecks(signature: NonNullable<Verification['signature']>, document: DocumentRow | undefined, t: T): Check[] {
  if (!signature.signed) return [{ ok: false, text: t('文件上没有电子签章') }]
  const unchanged = signature.intact && signature.whole
  return [
    { ok: unchanged, text: unchanged ? t('签章之后内容没有改动') : t('签章之后内容被改动过') },
    { ok: signature.trusted, text: signature.trusted ? t('签章的证书属于学校') : t('签章的证书不属于学校'), ...(signature.signer && { note: signature.signer.name }) },
    document ? { ok: true, text: t('文件在学校的登记簿里') } : { ok: unchanged ? false : null, text: t('文件不在学校的登记簿里') },
    ...(document ? [stillValid(document, t)] : []),
  ]
}

function stillValid(document: DocumentRow, t: T): Check {
  if (document.status !== 'revoked') return { ok: true, text: t('没有作废') }
  const at = document.ended_at ? schoolTime(document.ended_at).date : ''
  return { ok: false, text: t('已于 {date} 作废', { date: at }), ...(document.reason && { note: t('原因：{reason}', { reason: document.reason }) }) }
}

function certifiedRows(document: DocumentRow, t: T) {
  return [
    { label: t('文件'), value: t(document.title) },
    { label: t('文件编号'), value: document.number },
    { label: t('持有人'), value: maskName(document.facts.name ?? '') },
    { label: t('学号或工号'), value: maskNumber(document.person_number) },
    { label: t('院系'), value: document.facts.unit ?? '' },
    { label: t('出具日期'), value: schoolTime(document.issued_at ?? document.created_at).date },
  ]
}

type AdminList = { status: DocumentRow['status'] | undefined; missing: string | null; t: T }

export function adminListPage(rows: readonly DocumentRow[], { status, missing, t }: AdminList) {
  const { shown, next } = paged(rows, status ? `?status=${status}&` : '?')
  return {
    title: t('证明文件'), next, missing,
    segments: [undefined, 'reserved', 'issued', 'impossible', 'revoked'].map(each => ({
      label: each === undefined ? t('全部') : t(TAGS[each as DocumentRow['status']].text), href: each ? `?status=${each}` : '?', current: each === status,
    })),
    rows: shown.map(row => ({ id: row.id, href: `/documents/${row.id}`, cells: {
      number: row.number, title: t(row.title), holder: `${row.facts.name ?? ''} ${row.person_number}`, status: { tag: tagOf(row, t), text: '' },
      created_at: { time: row.created_at, text: '' }, revoke: row.status === 'issued' ? { text: t('作废'), href: `/admin/documents/${row.id}/revocation` } : '',
    } })),
  }
}

export function revocationPage(document: DocumentRow, t: T, errors: Record<string, string> = {}) {
  return {
    title: t('作废文件'), heading: false,
    confirm: {
      title: t('作废文件'), danger: true, label: t('作废'), back: `/documents/${document.id}`, action: `/admin/documents/${document.id}/revocation`,
      sentence: t('作废{holder}的{title}（{number}）之后不能恢复，可以重新申请一份。', { holder: document.facts.name ?? '', title: t(document.title), number: document.number }),
      effects: [t('用验证码或文件核验的人会看到“已作废”和下面的原因'), t('持有人会收到通知')],
      reason: { help: t('核验的人会看到，请不要写个人隐私'), required: true, maxlength: 200, ...(errors.reason && { error: t(errors.reason) }) },
    },
  }
}
