import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import { MARK, readBill } from './bill.ts'
import { type Account, createCall } from './call.ts'
import { isRefused } from './errors.ts'
import type { NewOrder, NewRefund, Pay, Refund, RefundStatus, Resource, TradeState, Transaction } from './port.ts'
import { newNonce, prove, type Sealed, signature, unseal } from './sign.ts'

const text = Type.String()
const State = Type.Union(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR'].map(word => Type.Literal(word)))
const Status = Type.Union(['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL'].map(word => Type.Literal(word)))
const Total = Type.Object({ total: Type.Optional(Type.Integer()) })
const TransactionShape = Type.Object({ appid: text, mchid: text, out_trade_no: text, trade_state: State, transaction_id: Type.Optional(text), success_time: Type.Optional(text), amount: Type.Optional(Total) })
const RefundShape = Type.Object({ out_refund_no: text, out_trade_no: text, refund_id: text, status: Status, success_time: Type.Optional(text), amount: Type.Object({ refund: Type.Integer() }) })
// In a notification the merchant is named, and the status has another name.
const RefundNotice = Type.Object({ mchid: text, out_refund_no: text, out_trade_no: text, refund_id: text, refund_status: Status, success_time: Type.Optional(text), amount: Type.Object({ refund: Type.Integer() }) })
const Envelope = Type.Object({ event_type: Type.String({ maxLength: 64 }), resource: Type.Object({ algorithm: Type.Literal('AEAD_AES_256_GCM'), ciphertext: text, nonce: text, associated_data: Type.Optional(text) }) })
const Bill = Type.Object({ hash_type: Type.Literal('SHA1'), hash_value: text, download_url: text })

type RawTransaction = { appid: string; mchid: string; out_trade_no: string; trade_state: TradeState; transaction_id?: string; success_time?: string; amount?: { total?: number } }
type RawRefund = { out_refund_no: string; out_trade_no: string; refund_id: string; status: RefundStatus; success_time?: string; amount: { refund: number } }

export type WechatPayAccount = Account & Pick<Pay, 'appId' | 'certificatesEnd'> & { apiV3Key: string }

/** WeChat Pay API v3, as a direct merchant (直连商户). */
export function createWechatPay({ appId, certificatesEnd, apiV3Key, ...account }: WechatPayAccount): Pay {
  const { mchId, mchKey, platformKeys, clock } = account
  const call = createCall(account)
  const orderBody = ({ out_trade_no, description, amount, expires_at, notify_url }: NewOrder) => ({
    appid: appId, mchid: mchId, description, out_trade_no, time_expire: rfc3339(expires_at), attach: MARK, notify_url, amount: { total: amount, currency: 'CNY' },
  })
  const orderPath = (out_trade_no: string) => `/v3/pay/transactions/out-trade-no/${out_trade_no}`

  function ourTransaction(raw: RawTransaction): Transaction {
    if (raw.appid !== appId || raw.mchid !== mchId) throw new AppError('forbidden', '这笔支付不是给这个商户的', { code: 'pay:not-ours' })
    return { out_trade_no: raw.out_trade_no, transaction_id: raw.transaction_id || null, state: raw.trade_state, paid_at: instant(raw.success_time), total: raw.amount?.total ?? null }
  }

  function readResource(event: string, plain: string): Resource {
    const value = jsonOf(plain)
    if (event.startsWith('TRANSACTION.') && fits<RawTransaction>(TransactionShape, value)) return { kind: 'transaction', transaction: ourTransaction(value) }
    if (event.startsWith('REFUND.') && fits<Omit<RawRefund, 'status'> & { mchid: string; refund_status: RefundStatus }>(RefundNotice, value)) {
      if (value.mchid !== mchId) throw new AppError('forbidden', '这笔退款不是这个商户的', { code: 'pay:not-ours' })
      return { kind: 'refund', refund: refundOf({ ...value, status: value.refund_status }) }
    }
    throw new AppError('invalid', '微信支付的通知看不懂', { code: 'pay:odd-notification', params: { event } })
  }

  return {
    appId,
    certificatesEnd,
    readResource,
    async native(order) {
      const { code_url } = await call.json<{ code_url: string }>(Type.Object({ code_url: text }), 'POST', '/v3/pay/transactions/native', orderBody(order))
      return code_url
    },
    async jsapi(order, openid) {
      const { prepay_id } = await call.json<{ prepay_id: string }>(Type.Object({ prepay_id: text }), 'POST', '/v3/pay/transactions/jsapi', { ...orderBody(order), payer: { openid } })
      return prepay_id
    },
    callUp(prepay_id) {
      const [timeStamp, nonceStr, bundle] = [String(Math.floor(clock.now() / 1000)), newNonce(), `prepay_id=${prepay_id}`]
      return { appId, timeStamp, nonceStr, package: bundle, signType: 'RSA', paySign: signature(mchKey, appId, timeStamp, nonceStr, bundle) }
    },
    transaction: out_trade_no => orNull(async () => ourTransaction(await call.json<RawTransaction>(TransactionShape, 'GET', `${orderPath(out_trade_no)}?mchid=${mchId}`)), 'ORDER_NOT_EXIST'),
    close: out_trade_no => call.none('POST', `${orderPath(out_trade_no)}/close`, { mchid: mchId }),
    async refund({ out_refund_no, out_trade_no, reason, refund, total, notify_url }: NewRefund) {
      const body = { out_trade_no, out_refund_no, reason, notify_url, amount: { refund, total, currency: 'CNY' } }
      return refundOf(await call.json<RawRefund>(RefundShape, 'POST', '/v3/refund/domestic/refunds', body))
    },
    findRefund: out_refund_no => orNull(async () => refundOf(await call.json<RawRefund>(RefundShape, 'GET', `/v3/refund/domestic/refunds/${out_refund_no}`)), 'RESOURCE_NOT_EXISTS'),
    async bill(date) {
      const bill = await orNull(() => call.json<{ hash_value: string; download_url: string }>(Bill, 'GET', `/v3/bill/tradebill?bill_date=${date}&bill_type=ALL`), 'NO_STATEMENT_EXIST')
      if (!bill) return [] // a day without a payment has no bill
      // Our signature goes to the platform we know, whatever host the address names.
      const { pathname, search } = new URL(bill.download_url)
      const file = await call.file(pathname + search)
      if (createHash('sha1').update(file).digest('hex') !== bill.hash_value.toLowerCase()) throw new AppError('upstream', '对账单没有下载完整', { code: 'pay:broken-bill' })
      return readBill(file.toString('utf8'))
    },
    readNotification(headers, body) {
      const header = (name: string) => String(headers[`wechatpay-${name}`] ?? '')
      prove(platformKeys, { timestamp: header('timestamp'), nonce: header('nonce'), signature: header('signature'), serial: header('serial') }, body, clock.now())
      const envelope = jsonOf(body)
      if (!fits<{ event_type: string; resource: Sealed }>(Envelope, envelope)) throw new AppError('invalid', '微信支付的通知看不懂', { code: 'pay:odd-notification' })
      const [event, plain] = [envelope.event_type, unseal(apiV3Key, envelope.resource)]
      readResource(event, plain) // what is not for us, or cannot be read, is not kept
      return { event, text: plain }
    },
  }
}

function refundOf({ out_refund_no, out_trade_no, refund_id, status, success_time, amount }: RawRefund): Refund {
  return { out_refund_no, out_trade_no, refund_id, status, done_at: instant(success_time), amount: amount.refund }
}

function jsonOf(plain: string): unknown {
  try {
    return JSON.parse(plain)
  } catch {
    return null
  }
}

async function orNull<R>(ask: () => Promise<R>, code: string): Promise<R | null> {
  try {
    return await ask()
  } catch (error) {
    if (isRefused(error, code)) return null
    throw error
  }
}

function instant(time: string | undefined): number | null {
  const at = Date.parse(time ?? '')
  return Number.isNaN(at) ? null : at
}

/** Whole seconds, in China's zone: the same order is described with the same letters each time. */
function rfc3339(at: number): string {
  return `${new Date(at + 8 * 3600_000).toISOString().slice(0, 19)}+08:00`
}
