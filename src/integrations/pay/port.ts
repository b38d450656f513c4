import type { IncomingHttpHeaders } from 'node:http'

/** Money is in fen, times are epoch milliseconds. */
export type NewOrder = { out_trade_no: string; description: string; amount: number; expires_at: number; notify_url: string }

/** SUCCESS paid, REFUND paid and given back, NOTPAY, CLOSED; the others belong to kinds of payment that the hall does not use. */
export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR'
export type Transaction = {
  out_trade_no: string
  transaction_id: string | null
  state: TradeState
  /** null while unpaid */
  paid_at: number | null
  /** what was to be paid; null where the platform does not say while it is unpaid */
  total: number | null
}

/** ABNORMAL: the money did not reach the payer, and somebody has to act in the merchant's console. */
export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'
export type NewRefund = { out_refund_no: string; out_trade_no: string; reason: string; refund: number; total: number; notify_url: string }
export type Refund = { out_refund_no: string; out_trade_no: string; refund_id: string; status: RefundStatus; done_at: number | null; amount: number }

/** What was notified, proven and decrypted; `text` is to be kept, `readResource` reads it. */
export type Notification = { event: string; text: string }
export type Resource = { kind: 'transaction'; transaction: Transaction } | { kind: 'refund'; refund: Refund }

/** A line of the day's bill: a payment, or a refund of one. `ours`: its order was made by this hall and not by another system of the merchant. */
export type BillLine = { kind: 'payment' | 'refund'; number: string; out_trade_no: string; amount: number; at: number; ours: boolean }

/** The parameters with which a page calls the payment up (getBrandWCPayRequest). */
export type CallUp = { appId: string; timeStamp: string; nonceStr: string; package: string; signType: 'RSA'; paySign: string }

/**
 * A merchant's account at a payment platform. Errors: `upstream` where the result is not known or worth another try, with the same numbers;
 * `invalid` where the platform has refused, its code as `pay:CODE`.
 */
export type Pay = {
  /** payers' openids must be of this app */
  readonly appId: string
  /** when the platform can no longer be believed because the last of its certificates ends; null where it is known by its public key, which does not */
  readonly certificatesEnd: number | null
  /** A QR code's text, good for two hours. Asked again unchanged, a fresh one for the same order. */
  native(order: NewOrder): Promise<string>
  /** A prepay_id, good for two hours, for this payer alone. */
  jsapi(order: NewOrder, openid: string): Promise<string>
  callUp(prepay_id: string): CallUp
  /** null where the platform knows no such order */
  transaction(out_trade_no: string): Promise<Transaction | null>
  /** Resolves where the order is closed now and can never be paid. */
  close(out_trade_no: string): Promise<void>
  /** Accepted is not done: the status says. */
  refund(refund: NewRefund): Promise<Refund>
  findRefund(out_refund_no: string): Promise<Refund | null>
  /** Everything of one day (YYYY-MM-DD, China's), its hash proven; there from about ten o'clock of the next. */
  bill(date: string): Promise<BillLine[]>
  /** What stands in a notification's body. Throws `forbidden` where it is not the platform's or not for us, `invalid` where it cannot be read. */
  readNotification(headers: IncomingHttpHeaders, body: string): Notification
  readResource(event: string, text: string): Resource
}
