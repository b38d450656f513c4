import type { T } from '../../../platform/text.ts'
import type { Hindrance } from '../hindrances.ts'
import { LONGEST_REASON } from '../rules.ts'
import type { DocumentRow } from '../tables.ts'
import { readTrouble, troubleSentence } from '../trouble.ts'
import { paged, tagOf, TAGS } from './list.ts'

type Status = DocumentRow['status']
export const STATUSES: readonly Status[] = ['reserved', 'issued', 'impossible', 'revoked']

type AdminList = { status: Status | undefined; hindrances: readonly Hindrance[]; t: T }

export function adminListPage(rows: readonly DocumentRow[], { status, hindrances, t }: AdminList) {
  const { shown, next } = paged(rows, status ? `?status=${status}&` : '?')
  return {
    title: t('证明文件'), next, actions: [{ label: t('批量出具'), href: '/admin/documents/batches', kind: 'tint' }], hindrances: hindrances.map(({ text, params }) => t(text, params)),
    segments: [
      { label: t('全部'), href: '/admin/documents', current: status === undefined },
      ...STATUSES.map(each => ({ label: t(TAGS[each].text), href: `?status=${each}`, current: each === status })),
    ],
    rows: shown.map(row => ({ id: row.id, href: `/documents/${row.id}`, cells: {
      number: row.number, title: { text: t(row.title), ...(row.reason && { note: reasonOf(row, t) }) }, holder: `${row.facts.name ?? ''} ${row.person_number}`,
      status: { tag: tagOf(row, t), text: '' }, created_at: { time: row.created_at, text: '' },
      revoke: row.status === 'issued' ? { text: t('作废'), href: `/admin/documents/${row.id}/revocation` } : '',
    } })),
  }
}

function reasonOf({ status, reason }: DocumentRow, t: T): string {
  return status === 'impossible' ? troubleSentence(readTrouble(reason ?? ''), t) : t('原因：{reason}', { reason: reason ?? '' })
}

/** The question before revoking; `typed` and `errors` where it comes back. */
export function revocationPage(document: DocumentRow, t: T, typed = '', errors: Record<string, string> = {}) {
  return {
    title: t('作废文件'), heading: false,
    confirm: {
      title: t('作废文件'), danger: true, label: t('作废'), back: `/documents/${document.id}`, action: `/admin/documents/${document.id}/revocation`,
      sentence: t('作废{holder}的{title}（{number}）之后不能恢复，可以重新申请一份。', { holder: document.facts.name ?? '', title: t(document.title), number: document.number }),
      effects: [t('用验证码或文件核验的人会看到“已作废”和下面的原因'), t('持有人会收到通知')],
      reason: { value: typed, help: t('核验的人会看到，请不要写个人隐私'), required: true, maxlength: LONGEST_REASON, ...(errors.reason && { error: t(errors.reason) }) },
    },
  }
}
