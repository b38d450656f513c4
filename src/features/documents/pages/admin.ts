import type { T } from '../../../platform/text.ts'
import type { Hindrance } from '../hindrances.ts'
import { LONGEST_REASON } from '../rules.ts'
import type { DocumentRow } from '../tables.ts'
import type { Template } from '../templates.ts'
import { readTrouble, troubleSentence } from '../trouble.ts'
import { paged, tagOf, TAGS } from './list.ts'

type Status = DocumentRow['status']
export const STATUSES: readonly Status[] = ['reserved', 'issued', 'impossible', 'revoked']

export type Query = { q: string; status: string; kind: string; batch: string }

export function readQuery({ q = '', status = '', kind = '', batch = '' }: Partial<Query>): Query {
  return { q: q.normalize('NFKC').trim().slice(0, 60), status, kind, batch }
}

type AdminList = { query: Query; batch: { id: string; name: string } | undefined; kinds: readonly Pick<Template, 'kind' | 'title'>[]; hindrances: readonly Hindrance[]; t: T }

export function adminListPage(rows: readonly DocumentRow[], { query, batch, kinds, hindrances, t }: AdminList) {
  const kept = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
  const { shown, next } = paged(rows, kept.size > 0 ? `?${kept}&` : '?')
  return {
    title: t('证明文件'), next, actions: [{ label: t('批量出具'), href: '/admin/documents/batches', kind: 'tint' }], hindrances: hindrances.map(({ text, params }) => t(text, params)),
    query, searching: kept.size > 0, batch: batch && t('只看这一批：{name}', { name: t(batch.name) }),
    fields: [
      { name: 'kind', label: t('文件'), type: 'select', value: query.kind, options: kinds.map(({ kind, title }) => ({ value: kind, text: t(title) })) },
      { name: 'status', label: t('状态'), type: 'select', value: query.status, options: STATUSES.map(each => ({ value: each, text: t(TAGS[each].text) })) },
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
