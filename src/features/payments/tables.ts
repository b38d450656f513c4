export interface PaymentsTables {
  payments_orders: OrdersTable
  payments_charges: ChargesTable
  payments_refunds: RefundsTable
  payments_checks: ChecksTable
  payments_differences: DifferencesTable
}

export type OrderStatus = 'created' | 'paying' | 'paid' | 'refunding' | 'refunded' | 'closed' | 'failed'

/** What somebody is to pay for one thing. Money is in fen everywhere. */
export interface OrdersTable {
  id: string
  /** id of the thing at the feature that asked */
  subject: string
  person_id: string
  title: string
  /** path of the page that the payer came from; null where there is none */
  back: string | null
  amount: number
  status: OrderStatus
  /** counted up by whoever decides about the order, so that two stand in line */
  version: number
  /** the charge by which it was paid */
  charge_id: string | null
  opened_at: number
  /** it is closed then; now or earlier while it is being closed */
  expires_at: number
  paid_at: number | null
  /** when it was closed, or given back */
  ended_at: number | null
}

export type Way = 'native' | 'jsapi'
export type ChargeStatus = 'open' | 'paid' | 'closed' | 'refused'

/** An order at the payment platform. There is one for each way of paying that somebody tried; any of them can be paid. */
export interface ChargesTable {
  /** the merchant's number of it (out_trade_no) */
  id: string
  order_id: string
  way: Way
  status: ChargeStatus
  /** text of the QR code, or the prepay_id; null until the platform has answered */
  token: string | null
  token_at: number | null
  /** why the platform refused, its code */
  fault: string | null
  transaction_id: string | null
  opened_at: number
  paid_at: number | null
  /** day of the bill that names it */
  billed: string | null
}

export type RefundStatus = 'asked' | 'accepted' | 'done' | 'failed'

/** Money on its way back, all that one charge brought. */
export interface RefundsTable {
  /** the merchant's number of it (out_refund_no): asked again with the same, nothing is refunded twice */
  id: string
  order_id: string
  charge_id: string
  amount: number
  reason: string
  status: RefundStatus
  /** why it does not get on, or failed: the platform's code or status */
  fault: string | null
  asked_at: number
  accepted_at: number | null
  done_at: number | null
  billed: string | null
}

/** A day that was held against the platform's bill. */
export interface ChecksTable {
  /** the day, YYYY-MM-DD */
  id: string
  checked_at: number
  /** of the hall's lines in the bill */
  payments: number
  paid: number
  refunds: number
  refunded: number
  /** lines of other systems of the same merchant */
  others: number
}

export type DifferenceKind = 'unknown' | 'unpaid' | 'unbilled' | 'amount'

/** Where the hall and the platform do not say the same; stays until somebody has looked into it. */
export interface DifferencesTable {
  id: string
  /** unique with the number */
  kind: DifferenceKind
  /** of the charge or refund */
  number: string
  date: string
  order_id: string | null
  ours: number | null
  theirs: number | null
  found_at: number
  settled_at: number | null
  /** 学工号 */
  settled_by: string | null
  note: string | null
}
