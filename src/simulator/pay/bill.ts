import type { PayOrder, PayOptions, PayRefund } from './types.ts'
import { chinaTime } from './wire.ts'

const HEADS = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'

const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
const dayOf = (at: number): string => chinaTime(at).slice(0, 10)
const timeOf = (at: number): string => chinaTime(at).slice(0, 19).replace('T', ' ')
const line = (cells: readonly string[]): string => cells.map(cell => `\`${cell.replaceAll(',', '，')}`).join(',')

/** The trade bill of one day (bill_type ALL) as the platform writes it: every value behind a back-tick, totals at the end. Null on a day without trade. */
export function tradeBill({ appId, mchId }: PayOptions, date: string, orders: readonly PayOrder[], refunds: readonly PayRefund[]): string | null {
  const paid = orders.filter(order => order.paid_at > 0 && dayOf(order.paid_at) === date)
  const back = refunds.filter(refund => dayOf(refund.created_at) === date)
  if (paid.length + back.length === 0) return null
  const common = (order: PayOrder, at: number, state: string) => [timeOf(at), appId, mchId, '0', '', order.transaction_id, order.out_trade_no, order.openid || 'oUnknown', order.trade_type, state, 'OTHERS', 'CNY']
  const rows = [
    ...paid.map(order => line([...common(order, order.paid_at, 'SUCCESS'), yuan(order.total), yuan(order.total - order.payer_total), '0', '0', '0.00', '0.00', '', '', order.description, order.attach, '0.00000', '0.60%', yuan(order.total), '0.00', ''])),
    ...back.flatMap(refund => {
      const order = orders.find(each => each.out_trade_no === refund.out_trade_no)
      return order ? [line([...common(order, refund.created_at, 'REFUND'), '0.00', '0.00', refund.refund_id, refund.out_refund_no, yuan(refund.refund), '0.00', 'ORIGINAL', refund.state, order.description, order.attach, '0.00000', '0.60%', '0.00', yuan(refund.refund), ''])] : []
    }),
  ]
  const sum = paid.reduce((total, order) => total + order.total, 0)
  const returned = back.reduce((total, refund) => total + refund.refund, 0)
  return `\ufeff${HEADS}\r\n${rows.join('\r\n')}\r\n总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n${line([String(rows.length), yuan(sum), yuan(returned), '0.00', '0.00', yuan(sum), yuan(returned)])}\r\n`
}
