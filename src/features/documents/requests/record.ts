import type { T } from '../../../platform/text.ts'
import type { Tag } from '../pages/list.ts'
import type { DocumentRow } from '../tables.ts'
import type { Template } from '../templates.ts'
import { placeOf, yuan } from './rules.ts'
import type { RequestRow } from './tables.ts'
import { STATUS_WORDS } from './words.ts'

/** What was begun and waits for its owner, or came to nothing, as a line of 申请记录. */
export function begunCell(t: T, row: RequestRow, templates: ReadonlyMap<string, Template>) {
  const failed = row.status === 'impossible'
  const tag: Tag = { text: t(STATUS_WORDS[row.status]), meaning: failed ? 'red' : 'amber' }
  return { title: t(templates.get(row.kind)?.title ?? row.kind), note: [row.person_number, failed ? t('点开看原因和退款') : ''].filter(Boolean).join(' · '), href: placeOf(row), at: row.created_at, tag }
}

/** What happened to a paper, oldest first. */
export function storyOf(t: T, { document, request }: { document: DocumentRow; request: RequestRow | undefined }) {
  const { status, created_at, issued_at, ended_at, reason } = document
  return [
    ...request ? [{ name: t('生成预览图'), at: request.created_at, icon: 'image' }] : [],
    ...request?.confirmed_at ? [{ name: t('核对无误，确认办理'), at: request.confirmed_at, icon: 'check', ...(request.recipient !== null && { comment: t('提供给：{recipient}', { recipient: request.recipient }) }) }] : [],
    ...request && request.price > 0 && request.order_id ? [{ name: t('付款 {price} 元', { price: yuan(request.price) }), at: created_at, icon: 'check' }] : [],
    ...request ? [] : [{ name: t('开始生成'), at: created_at, icon: 'file' }],
    ...issued_at ? [{ name: t('学校签章'), at: issued_at, icon: 'certificate', meaning: 'green' }] : [],
    ...status === 'revoked' && ended_at ? [{ name: t('作废'), at: ended_at, icon: 'void', meaning: 'amber', ...(reason && { comment: reason }) }] : [],
  ]
}
