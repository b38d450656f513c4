import { isRecord, type Json } from '../shape.ts'
import { strikes, type Trouble } from '../trouble.ts'
import type { PayOrders } from './orders.ts'
import { PayError, type PayRefund } from './types.ts'
import { chinaTime } from './wire.ts'

export type PayRefunds = ReturnType<typeof createPayRefunds>

/** How long the money is on its way back, ms. */
const ON_ITS_WAY = 3000
const YEAR = 365 * 86_400_000

/** Refunds by out_refund_no (§3): accepted at once, done later. */
export function createPayRefunds({ orders, trouble, now }: { orders: PayOrders; trouble: Trouble; now: () => number }) {
  const refunds = new Map<string, PayRefund>()
  const of = (out_trade_no: string): PayRefund[] => [...refunds.values()].filter(refund => refund.out_trade_no === out_trade_no && refund.state !== 'CLOSED')

  function checked(body: Json): PayRefund {
    const { out_trade_no, out_refund_no, reason = '', notify_url = '' } = body
    const wrong = (field: string): PayError => new PayError(400, 'PARAM_ERROR', `参数错误：${field}`, { field, location: 'body' })
    if (typeof out_refund_no !== 'string' || !/^[0-9A-Za-z_\-|*@]{1,64}$/.test(out_refund_no)) throw wrong('out_refund_no')
    if (typeof out_trade_no !== 'string') throw wrong('out_trade_no')
    if (typeof reason !== 'string' || [...reason].length > 80) throw wrong('reason')
    if (typeof notify_url !== 'string' || notify_url.length > 256 || /[?#]/.test(notify_url)) throw wrong('notify_url')
    const { refund, total, currency } = isRecord(body['amount']) ? body['amount'] : {}
    if (typeof refund !== 'number' || !Number.isInteger(refund) || refund < 1) throw wrong('amount.refund')
    if (typeof total !== 'number' || currency !== 'CNY') throw wrong('amount')
    return {
      refund_id: '', out_refund_no, out_trade_no, refund, total, reason, notify_url, fingerprint: JSON.stringify(body), state: 'PROCESSING', ends: 'SUCCESS', created_at: now(), settles_at: now() + ON_ITS_WAY, done_at: 0,
    }
  }

  return {
    all: (): PayRefund[] => [...refunds.values()],
    clear: () => refunds.clear(),

    /** The same number and words are the same refund, whatever has become of it. */
    ask(body: Json): PayRefund {
      const asked = checked(body)
      const known = refunds.get(asked.out_refund_no)
      if (known && known.fingerprint !== asked.fingerprint) throw new PayError(400, 'INVALID_REQUEST', '商户退款单号已使用，且参数不一致')
      if (known) return known
      const order = orders.find(asked.out_trade_no)
      if (!order) throw new PayError(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
      if (order.state !== 'SUCCESS' && order.state !== 'REFUND') throw new PayError(400, 'INVALID_REQUEST', '订单没有支付成功')
      if (asked.total !== order.total) throw new PayError(400, 'PARAM_ERROR', '订单金额与原订单不一致')
      if (order.paid_at + YEAR < now()) throw new PayError(400, 'INVALID_REQUEST', '订单已超过可退款的期限')
      const before = of(order.out_trade_no)
      if (before.reduce((sum, one) => sum + one.refund, 0) + asked.refund > order.total) throw new PayError(400, 'INVALID_REQUEST', '退款金额大于可退金额')
      if (strikes(trouble, 'payNotEnough')) throw new PayError(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起')
      if (strikes(trouble, 'payPayerAbnormal')) throw new PayError(403, 'USER_ACCOUNT_ABNORMAL', '用户账户异常')
      asked.refund_id = `5030${String(now()).padStart(14, '0')}${String(refunds.size + 1).padStart(10, '0')}`
      asked.ends = strikes(trouble, 'payRefundAbnormal') ? 'ABNORMAL' : strikes(trouble, 'payRefundClosed') ? 'CLOSED' : 'SUCCESS'
      order.state = 'REFUND'
      refunds.set(asked.out_refund_no, asked)
      return asked
    },

    find(out_refund_no: string): PayRefund {
      const refund = refunds.get(out_refund_no)
      if (!refund) throw new PayError(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
      return refund
    },

    /** Those whose money has arrived, or has not, by now. */
    settle(): PayRefund[] {
      const due = [...refunds.values()].filter(refund => refund.state === 'PROCESSING' && refund.settles_at <= now())
      for (const refund of due) Object.assign(refund, { state: refund.ends, done_at: now() })
      return due
    },

    /** What staff of the merchant does in its console about a refund that did not arrive. */
    repair(out_refund_no: string): PayRefund {
      const refund = this.find(out_refund_no)
      return Object.assign(refund, { state: 'SUCCESS', done_at: now() })
    },

    view({ refund_id, out_refund_no, out_trade_no, state, refund, total, created_at, done_at }: PayRefund): Json {
      return {
        refund_id, out_refund_no, out_trade_no, transaction_id: orders.find(out_trade_no)?.transaction_id ?? '', channel: 'ORIGINAL', user_received_account: '支付用户零钱', create_time: chinaTime(created_at),
        ...(state === 'SUCCESS' && { success_time: chinaTime(done_at) }), status: state, funds_account: 'UNSETTLED',
        amount: { total, refund, payer_total: total, payer_refund: refund, settlement_total: total, settlement_refund: refund, discount_refund: 0, currency: 'CNY' },
      }
    },
  }
}
