import { dayParts } from '../../platform/dates.ts'
import type { T } from '../../platform/text.ts'
import { factsOf } from './content.ts'
import { canResend, isPutOff, maskAddress } from './rules.ts'
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

/** `bouncesRead`: whether mails that come back are heard of, where what was sent is to say so. */
export function deliveryRow({ changed_at, address, ...row }: ShownDelivery, bouncesRead?: boolean): DeliveryRow {
  const reason = row.reason === null && row.channel === 'mail' && row.status === 'sent' && bouncesRead !== undefined ? LAST_KNOWN[bouncesRead ? 'read' : 'unread'] : row.reason
  return { ...row, reason, at: changed_at, address: address === null ? null : maskAddress(address) }
}

const LAST_KNOWN = { read: '邮件服务器已经收下，没有收到退信', unread: '邮件服务器已经收下；学校不接收退信，不知道有没有送到' }

/** A delivery in the reader's words, as the components take it. */
export type DeliveryView = DeliveryRow & { channel_label: string; tag: Tag; /** where to, why it is so, and until when it waits */ note: string; /** until when it waits, in words */ due: string | null; can_resend: boolean }

type Tag = { text: string; meaning: 'green' | 'amber' | 'red' | 'grey' | 'blue' }
export const STATUSES: Record<DeliveryStatus, Tag> = {
  waiting: { text: '等待绑定', meaning: 'amber' },
  held: { text: '定时发送', meaning: 'blue' },
  merged: { text: '已并入汇总', meaning: 'green' },
  queued: { text: '等待发送', meaning: 'blue' },
  sending: { text: '发送中', meaning: 'blue' },
  sent: { text: '已发送', meaning: 'green' },
  delivered: { text: '已送达', meaning: 'green' },
  refused: { text: '被拒收', meaning: 'red' },
  unknown: { text: '结果未知', meaning: 'amber' },
  dropped: { text: '不再需要', meaning: 'grey' },
  bounced: { text: '退信', meaning: 'red' },
}
// The next server has it; whether it arrived only a report tells.
const MAILED: Tag = { text: '已发出', meaning: 'blue' }
export const PARTS: Record<Part, string> = { card: '企业微信卡片', textcard: '企业微信通知', file: '企业微信文件', mail: '邮件', digest: '企业微信每日汇总' }

export function deliveryView(row: DeliveryRow, t: T): DeliveryView {
  const { text, meaning } = row.channel === 'mail' && row.status === 'sent' ? MAILED : STATUSES[row.status]
  const reason = row.reason === null ? null : t(row.reason)
  const due = dueOf(row, t)
  return {
    ...row, reason, due, channel_label: t(PARTS[row.part]), note: [row.channel === 'mail' ? row.address : null, reason, due].filter(Boolean).join(' · '),
    tag: { text: t(text), meaning }, can_resend: canResend(row.status),
  }
}

/** A mail that was put off has its reason while it waits; when it is tried again is its job's matter. */
function dueOf({ status, channel, code, due_at }: DeliveryRow, t: T): string | null {
  if (status !== 'queued' && status !== 'held') return null
  if (due_at !== null) return t(channel === 'mail' ? DOMAIN_TURN : '{month}{day}日 {time} 发送', dayParts(t, due_at))
  return isPutOff(code) ? t('会自动再试') : null
}

const DOMAIN_TURN = '发往同一家邮箱的邮件较多，排到 {month}{day}日 {time} 发出'

function deliveryCell(row: DeliveryRow, t: T) {
  const { channel_label, note, tag, at } = deliveryView(row, t)
  return { title: channel_label, note, tag, time: at }
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
