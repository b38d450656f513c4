import { randomBytes } from 'node:crypto'
import { isRecord, type Json } from '../shape.ts'
import { PayError, type PayOptions, type PayOrder } from './types.ts'
import { chinaTime } from './wire.ts'

export type PayOrders = ReturnType<typeof createPayOrders>

const TOKEN_LIFE = 2 * 3600_000
const WEEK = 7 * 86_400_000

const wrong = (field: string, issue: string): PayError => new PayError(400, 'PARAM_ERROR', `参数错误：${field} ${issue}`, { field, location: 'body', detail: { issue } })

function textOf(body: Json, field: string, { min = 1, max, pattern }: { min?: number; max: number; pattern?: RegExp }): string {
  const value = body[field]
  if (typeof value !== 'string' || [...value].length < min || [...value].length > max) throw wrong(field, `字符串，长度 ${min} 到 ${max}`)
  if (pattern && !pattern.test(value)) throw wrong(field, '格式不对')
  return value
}

/** Orders by out_trade_no, as strict as §2. */
export function createPayOrders({ options, now, openids }: { options: PayOptions; now: () => number; openids: () => ReadonlySet<string> }) {
  const orders = new Map<string, PayOrder>()
  let serial = 0

  function checked(body: Json, trade_type: PayOrder['trade_type']): PayOrder {
    if (body['mchid'] !== options.mchId) throw new PayError(400, 'MCH_NOT_EXISTS', '商户号不存在')
    if (body['appid'] !== options.appId) throw new PayError(400, 'APPID_MCHID_NOT_MATCH', 'appid 与 mchid 不匹配')
    const amount = isRecord(body['amount']) ? body['amount'] : {}
    const { total, currency = 'CNY' } = amount
    if (typeof total !== 'number' || !Number.isInteger(total) || total < 1) throw wrong('amount.total', '大于 0 的整数，单位为分')
    if (currency !== 'CNY') throw wrong('amount.currency', 'CNY')
    const notify_url = textOf(body, 'notify_url', { max: 255 })
    // http is let through to this machine alone: nothing else could be tried out here.
    if (!/^https:\/\/[^?#]+$/.test(notify_url) && !/^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/[^?#]*$/.test(notify_url)) throw wrong('notify_url', 'https 的完整地址，不带参数')
    const payer = isRecord(body['payer']) ? body['payer'] : {}
    const openid = trade_type === 'JSAPI' ? textOf(payer, 'openid', { max: 128 }) : ''
    if (trade_type === 'JSAPI' && !openids().has(openid)) throw wrong('payer.openid', 'openid 与 appid 不匹配')
    const created_at = now()
    const asked = body['time_expire'] === undefined ? created_at + WEEK : Date.parse(textOf(body, 'time_expire', { max: 64, pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/ }))
    return {
      out_trade_no: textOf(body, 'out_trade_no', { min: 6, max: 32, pattern: /^[0-9A-Za-z_\-|*]+$/ }), trade_type, description: textOf(body, 'description', { max: 127 }), total,
      attach: body['attach'] === undefined ? '' : textOf(body, 'attach', { max: 128 }), notify_url, openid, fingerprint: JSON.stringify([trade_type, body]), created_at,
      // What is too near or too far is adjusted, not refused.
      expires_at: Math.min(Math.max(asked, created_at + 60_000), created_at + 90 * 86_400_000),
      state: 'NOTPAY', tokens: new Map(), transaction_id: '', paid_at: 0, payer_total: 0,
    }
  }

  /** The order of this number as it stands now: its time may have ended. */
  function find(out_trade_no: string): PayOrder | undefined {
    const order = orders.get(out_trade_no)
    if (order?.state === 'NOTPAY' && order.expires_at <= now()) order.state = 'CLOSED'
    return order
  }

  function mustFind(out_trade_no: string): PayOrder {
    const order = find(out_trade_no)
    if (!order) throw new PayError(404, 'ORDER_NOT_EXIST', '订单不存在')
    return order
  }

  return {
    all: (): PayOrder[] => [...orders.keys()].flatMap(number => find(number) ?? []),
    find, mustFind,
    clear: () => orders.clear(),

    /** A fresh token for the order; the same order again only with the same words. */
    place(body: Json, trade_type: PayOrder['trade_type']): string {
      const asked = checked(body, trade_type)
      const known = find(asked.out_trade_no)
      if (known && known.fingerprint !== asked.fingerprint) throw new PayError(403, 'OUT_TRADE_NO_USED', '商户订单号重复')
      if (known && known.state !== 'NOTPAY') throw new PayError(400, 'INVALID_REQUEST', known.state === 'CLOSED' ? '该订单已关闭' : '该订单已支付')
      const order = known ?? asked
      orders.set(order.out_trade_no, order)
      const token = `wx${randomBytes(17).toString('hex')}`
      order.tokens.set(token, now() + TOKEN_LIFE)
      return token
    },

    /** The order that a prepay_id or the token of a code_url stands for, while that lives. */
    ofToken(token: string): PayOrder | undefined {
      const order = [...orders.values()].find(each => each.tokens.has(token))
      return order && (order.tokens.get(token) ?? 0) > now() ? find(order.out_trade_no) : undefined
    },

    /** The payer confirms. */
    pay(out_trade_no: string, coupon = 0): PayOrder {
      const order = mustFind(out_trade_no)
      if (order.state !== 'NOTPAY') throw new PayError(400, 'INVALID_REQUEST', order.state === 'CLOSED' ? '订单已关闭' : '订单已支付')
      serial += 1
      Object.assign(order, { state: 'SUCCESS', paid_at: now(), payer_total: Math.max(0, order.total - coupon), transaction_id: `42000${String(now()).padStart(14, '0')}${String(serial).padStart(9, '0')}` })
      return order
    },

    close(out_trade_no: string): void {
      const order = mustFind(out_trade_no)
      if (order.state === 'SUCCESS' || order.state === 'REFUND') throw new PayError(400, 'INVALID_REQUEST', '订单已支付，不能关闭')
      order.state = 'CLOSED'
    },

    /** §2.4 */
    view(order: PayOrder): Json {
      const { out_trade_no, trade_type, state, attach, total, payer_total, openid, transaction_id, paid_at } = order
      const paid = state === 'SUCCESS' || state === 'REFUND'
      return {
        appid: options.appId, mchid: options.mchId, out_trade_no, trade_state: state, attach,
        trade_state_desc: { NOTPAY: '订单未支付', SUCCESS: '支付成功', REFUND: '转入退款', CLOSED: '订单已关闭' }[state], payer: { openid: openid || 'oUnknown' },
        ...paid ? { trade_type, transaction_id, bank_type: 'OTHERS', success_time: chinaTime(paid_at), amount: { total, payer_total, currency: 'CNY', payer_currency: 'CNY' } } : { amount: { total, currency: 'CNY' } },
      }
    },
  }
}
