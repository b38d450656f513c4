import { dayParts } from '../../platform/dates.ts'
import type { T } from '../../platform/text.ts'
import { factsOf } from './content.ts'
import { canResend, maskAddress } from './rules.ts'
import type { ShownDelivery } from './store/deliveries.ts'
import type { ListedMessage } from './store/messages.ts'
import type { DeliveryStatus, Part } from './tables.ts'

/** A delivery as others show it: the address masked, the reason a phrase for `t`. */
export type DeliveryRow = Pick<ShownDelivery, 'id' | 'message_id' | 'person_id' | 'subject' | 'channel' | 'part' | 'status' | 'detail' | 'resent_from' | 'created_at' | 'due_at' | 'code' | 'kind'> & {
  address: string | null
  /** when the status was reached */
  at: number
  reason: string | null
}

export function deliveryRow({ changed_at, address, ...row }: ShownDelivery): DeliveryRow {
  return { ...row, at: changed_at, address: address === null ? null : maskAddress(address) }
}

/** A delivery in the reader's words, as the components take it. */
export type DeliveryView = DeliveryRow & { channel_label: string; tag: Tag; can_resend: boolean }

type Tag = { text: string; meaning: 'green' | 'amber' | 'red' | 'grey' | 'blue' }
export const STATUSES: Record<DeliveryStatus, Tag> = {
  waiting: { text: '等待绑定', meaning: 'amber' },
  held: { text: '定时发送', meaning: 'blue' },
  merged: { text: '已并入汇总', meaning: 'green' },
  queued: { text: '排队中', meaning: 'blue' },
  sending: { text: '发送中', meaning: 'blue' },
  sent: { text: '已发送', meaning: 'green' },
  refused: { text: '被拒收', meaning: 'red' },
  unknown: { text: '结果未知', meaning: 'amber' },
  dropped: { text: '不再需要', meaning: 'grey' },
  bounced: { text: '被退回', meaning: 'red' },
}
export const PARTS: Record<Part, string> = { card: '企业微信卡片', textcard: '企业微信通知', file: '企业微信文件', mail: '邮件', digest: '企业微信每日汇总' }

export function deliveryView(row: DeliveryRow, t: T): DeliveryView {
  const { text, meaning } = STATUSES[row.status]
  return {
    ...row, reason: row.reason === null ? null : t(row.reason), channel_label: t(PARTS[row.part]),
    tag: { text: t(text), meaning }, can_resend: canResend(row.status),
  }
}

function deliveryCell(row: DeliveryRow, t: T) {
  const { channel, channel_label, address, reason, tag, at, due_at } = deliveryView(row, t)
  const to = channel === 'mail' ? address : null
  const due = due_at === null ? null : t('{month}{day}日 {time} 发送', dayParts(t, due_at))
  return { title: channel_label, note: [to, reason, due].filter(Boolean).join(' · '), tag, time: at }
}

/** What the page of all messages places: newest first, each with where it went and whether it arrived. */
export function messagesPage(messages: readonly ListedMessage[], deliveries: readonly ShownDelivery[], more: boolean, t: T) {
  const of = Map.groupBy(deliveries, delivery => delivery.message_id)
  return {
    title: t('我的通知'),
    messages: messages.map(message => ({
      title: message.title, text: message.url === null ? null : message.text, href: message.url, at: message.created_at, rows: factsOf(message).map(({ label, value, url }) => ({ label, value, ...(url && { href: url }) })),
      deliveries: (of.get(message.id) ?? []).map(delivery => deliveryCell(deliveryRow(delivery), t)),
    })),
    next: more ? `/messages?before=${messages.at(-1)?.id ?? ''}` : undefined,
  }
}
