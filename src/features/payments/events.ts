import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

const about = Type.Object({ order_id: Type.String() })

/** Each with the subject of who opened the order. After `closed` there can still be a `refunded`: of money that came too late. */
export const orderOpened = defineEvent('payments.order-opened', about)
export const orderPaid = defineEvent('payments.order-paid', about)
export const orderClosed = defineEvent('payments.order-closed', about)
export const orderRefunded = defineEvent('payments.order-refunded', about)
export const refundAsked = defineEvent('payments.refund-asked', about)
export const refundFailed = defineEvent('payments.refund-failed', about)
/** Paid after the order was closed, or a second time: given back at once. */
export const strayPaid = defineEvent('payments.stray-paid', about)

/** With the id of the difference as subject. */
export const differenceFound = defineEvent('payments.difference-found', Type.Object({ difference_id: Type.String() }))
export const differenceSettled = defineEvent('payments.difference-settled', Type.Object({ difference_id: Type.String() }))

const href = ({ order_id }: Record<string, unknown>) => `/admin/payments/${String(order_id)}`

export const labels: Record<string, EventLabel> = {
  [orderOpened.name]: { text: '等待缴费', tone: 'wait', href },
  [orderPaid.name]: { text: '缴费成功', tone: 'good', href },
  [orderClosed.name]: { text: '缴费订单关闭', tone: 'quiet', href },
  [orderRefunded.name]: { text: '费用已退回', tone: 'quiet', href },
  [refundAsked.name]: { text: '发起退款', tone: 'wait', href },
  [refundFailed.name]: { text: '退款没有成功', tone: 'bad', href },
  [strayPaid.name]: { text: '收到多付的款，自动退回', tone: 'wait', href },
  [differenceFound.name]: { text: '对账发现差异', tone: 'bad', href: () => '/admin/payments/checks' },
  [differenceSettled.name]: { text: '{actor} 处理了对账差异', tone: 'quiet', href: () => '/admin/payments/checks' },
}
