import { SCHOOL_OFFSET, schoolTime } from '../../platform/dates.ts'
import { defineMachine } from '../../platform/machine.ts'
import type { BillLine } from '../../integrations/pay/index.ts'
import { orderClosed, orderPaid, orderRefunded, refundAsked, refundFailed } from './events.ts'
import type { ChargesTable, DifferenceKind, OrdersTable, RefundsTable } from './tables.ts'

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3600_000, 86_400_000]

export const orderMachine = defineMachine({
  name: 'payments.order', table: 'payments_orders',
  edges: {
    begin: { from: ['created'], to: 'paying' },
    pay: { from: ['created', 'paying'], to: 'paid', emits: orderPaid },
    close: { from: ['created', 'paying'], to: 'closed', emits: orderClosed },
    refund: { from: ['paid'], to: 'refunding', emits: refundAsked },
    /** the money came after the order was closed */
    'give-back': { from: ['closed'], to: 'refunding', emits: refundAsked },
    return: { from: ['refunding', 'failed'], to: 'refunded', emits: orderRefunded },
    fail: { from: ['refunding'], to: 'failed', emits: refundFailed },
    again: { from: ['failed'], to: 'refunding', emits: refundAsked },
  },
  sentences: {
    paid: '这个订单已经付款', closed: '这个订单已经关闭，没有扣款', refunding: '这个订单正在退款', refunded: '这个订单已经退款', failed: '这个订单的退款没有成功，财务人员会处理',
  },
})

export const chargeMachine = defineMachine({
  name: 'payments.charge', table: 'payments_charges',
  edges: {
    // Money that comes is money, whatever we thought before.
    pay: { from: ['open', 'closed', 'refused'], to: 'paid' },
    close: { from: ['open'], to: 'closed' },
    refuse: { from: ['open'], to: 'refused' },
  },
})

export const refundMachine = defineMachine({
  name: 'payments.refund', table: 'payments_refunds',
  edges: {
    accept: { from: ['asked'], to: 'accepted' },
    finish: { from: ['asked', 'accepted', 'failed'], to: 'done' },
    fail: { from: ['asked', 'accepted'], to: 'failed' },
    again: { from: ['failed'], to: 'asked' },
  },
})

/** Unless who opens the order says otherwise. */
export const PAID_WITHIN = 30 * MINUTE
/** WeChat Pay takes no more than 90 days; a million yuan is a mistake. */
export const LONGEST = 89 * DAY
export const MOST = 100_000_000
/** A code is good for two hours (2.1, 2.2 of the platform's orders); one that ends while it is looked at helps nobody. */
const TOKEN_LIFE = 110 * MINUTE
/** 电子商务法 31: records of a transaction are kept three years. */
export const KEPT = 3 * 366 * DAY
/** Only that old can be given back (3.1 of the platform's refunds). */
export const REFUNDED_WITHIN = 365 * DAY

type Order = Pick<OrdersTable, 'status' | 'expires_at' | 'person_id'>

export function canPay({ status, expires_at }: Order, now: number): boolean {
  return (status === 'created' || status === 'paying') && expires_at > now
}

export function canCancel(order: Order, now: number): boolean {
  return canPay(order, now)
}

export function canRefund({ status, paid_at }: Pick<OrdersTable, 'status' | 'paid_at'>, now: number): boolean {
  return status === 'paid' && paid_at !== null && paid_at + REFUNDED_WITHIN > now
}

export function isFresh({ token, token_at }: Pick<ChargesTable, 'token' | 'token_at'>, now: number): boolean {
  return token !== null && (token_at ?? 0) + TOKEN_LIFE > now
}

/** When to ask the platform again, ms from now: after 1, 5, 15 and 30 minutes, then every hour, as its own pages advise. */
export function nextLook(since: number, now: number): number {
  const at = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE].map(wait => since + wait).find(each => each > now)
  return at === undefined ? HOUR : Math.max(SECOND, at - now)
}

/** A new one is signed with before the old one ends, and nobody tells the hall: time to go over to the public key. */
const CERTIFICATE_AHEAD = 60 * DAY

export function certificateWarnings(end: number | null, now: number): { text: string; params: Record<string, string> }[] {
  if (end === null || end - CERTIFICATE_AHEAD > now) return []
  return [{ text: '微信支付的平台证书 {date} 到期，换了证书以后大厅收不到付款结果。请在商户平台申请微信支付公钥，配置 WECHAT_PAY_PUBLIC_KEY 和 WECHAT_PAY_PUBLIC_KEY_ID', params: { date: schoolTime(end).date } }]
}

/** 12.30 of 1230 fen. */
export function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}

/** The school's days, YYYY-MM-DD, from `days` before today to yesterday. */
export function daysBefore(now: number, days: number): string[] {
  return Array.from({ length: days }, (_, index) => new Date(now + SCHOOL_OFFSET - (days - index) * DAY).toISOString().slice(0, 10))
}

export type Difference = { kind: DifferenceKind; number: string; order_id: string | null; ours: number | null; theirs: number | null }
type Ours = {
  charges: ReadonlyMap<string, Pick<ChargesTable, 'order_id' | 'status'> & { amount: number }>
  refunds: ReadonlyMap<string, Pick<RefundsTable, 'order_id' | 'amount'>>
  /** paid or refunded before the end of the day, and in no bill so far */
  unbilled: readonly { number: string; order_id: string; amount: number }[]
}

/** What the bill's lines of the hall and its own books do not agree about. */
export function differencesOf(lines: readonly BillLine[], { charges, refunds, unbilled }: Ours): Difference[] {
  const named = new Set(lines.map(line => line.number))
  const odd = lines.flatMap((line): Difference[] => {
    const known = line.kind === 'payment' ? charges.get(line.number) : refunds.get(line.number)
    const about = { number: line.number, order_id: known?.order_id ?? charges.get(line.out_trade_no)?.order_id ?? null, theirs: line.amount }
    if (!known) return [{ ...about, kind: 'unknown', ours: null }]
    if (known.amount !== line.amount) return [{ ...about, kind: 'amount', ours: known.amount }]
    return 'status' in known && known.status !== 'paid' ? [{ ...about, kind: 'unpaid', ours: null }] : []
  })
  return [...odd, ...unbilled.filter(({ number }) => !named.has(number)).map(({ number, order_id, amount }) => ({ kind: 'unbilled' as const, number, order_id, ours: amount, theirs: null }))]
}
