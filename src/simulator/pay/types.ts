import type { Json } from '../shape.ts'

/** The merchant as the platform knows him, and the platform's own keys. All keys are PEM. */
export type PayOptions = {
  appId: string
  mchId: string
  /** of the merchant's API certificate */
  mchSerial: string
  mchPublicKey: string
  apiV3Key: string
  /** Serial of a certificate or PUB_KEY_ID_… with its private key; the first signs unless a switch says otherwise. */
  platformKeys: { serial: string; privateKey: string }[]
}

export type OrderState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED'
export type PayOrder = {
  out_trade_no: string
  trade_type: 'JSAPI' | 'NATIVE'
  description: string
  total: number
  attach: string
  notify_url: string
  openid: string
  /** what the request said, for OUT_TRADE_NO_USED */
  fingerprint: string
  created_at: number
  expires_at: number
  state: OrderState
  /** prepay_ids or tokens of code_urls that were given out, with their ends */
  tokens: Map<string, number>
  transaction_id: string
  paid_at: number
  payer_total: number
}

export type RefundState = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'
export type PayRefund = {
  refund_id: string; out_refund_no: string; out_trade_no: string; refund: number; total: number; reason: string; notify_url: string
  fingerprint: string; state: RefundState; /** what it comes to */ ends: RefundState; created_at: number; settles_at: number; done_at: number
}

/** One notification with its tries. */
export type Notice = { id: string; event: string; number: string; url: string; content: Json; at: number; next_at: number; tries: { at: number; status: number | null }[]; state: 'waiting' | 'delivered' | 'failed'; trouble: string[] }

/** A refusal in the platform's words. */
export class PayError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: Json
  constructor(status: number, code: string, message: string, detail: Json = {}) {
    super(message)
    this.status = status
    this.code = code
    this.detail = detail
  }
}
