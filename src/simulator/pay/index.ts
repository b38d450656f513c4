import type { Trouble } from '../trouble.ts'
import { createNotices } from './notices.ts'
import { createPayOrders } from './orders.ts'
import { createPayRefunds } from './refunds.ts'
import type { PayApiDeps } from './routes.ts'
import { PayError, type PayOptions, type PayOrder, type PayRefund } from './types.ts'
import { chinaTime, signedCallUp } from './wire.ts'

export type { PayOptions } from './types.ts'
export { payRoutes } from './routes.ts'

type Deps = { options: PayOptions; trouble: Trouble; now: () => number; changed(): void; origin: () => string; openids: () => ReadonlySet<string>; reach(url: string): string; log(path: string, code: string): void }
type CallUp = Parameters<typeof signedCallUp>[1]

/** What a page hands to the bridge, as it comes. */
export const callShape = { appId: 'text', timeStamp: 'text', nonceStr: 'text', package: 'text', signType: 'text', paySign: 'text' } as const

export type PayDesk = ReturnType<typeof createPayDesk>

/** WeChat Pay: what the merchant asks through the API, what payers do on their phones, and what is notified of both. */
export function createPayDesk({ options, trouble, now, changed, origin, openids, reach, log }: Deps) {
  const orders = createPayOrders({ options, now, openids })
  const refunds = createPayRefunds({ orders, trouble, now })
  const notices = createNotices({ options, trouble, now, changed, reach })
  const bends: ((bill: string) => string)[] = []
  const events = { SUCCESS: 'REFUND.SUCCESS', ABNORMAL: 'REFUND.ABNORMAL', CLOSED: 'REFUND.CLOSED', PROCESSING: '' } as const

  function tellRefund(refund: PayRefund): void {
    const { out_trade_no, out_refund_no, refund_id, state, total, refund: amount, notify_url, done_at } = refund
    notices.raise(events[state], out_refund_no, notify_url, {
      mchid: options.mchId, out_trade_no, transaction_id: orders.find(out_trade_no)?.transaction_id ?? '', out_refund_no, refund_id, refund_status: state,
      ...(state === 'SUCCESS' && { success_time: chinaTime(done_at) }), user_received_account: '支付用户零钱', amount: { total, refund: amount, payer_total: total, payer_refund: amount },
    })
  }

  /** Refunds that arrive, notifications that are due. */
  function tick(): void {
    for (const refund of refunds.settle()) tellRefund(refund)
    notices.tick()
  }

  /** The payer confirms; `coupon` is paid by somebody else. */
  function pay(out_trade_no: string, { coupon = 0, told }: { coupon?: number; /** what the notification claims was paid, fen */ told?: number } = {}): PayOrder {
    const order = orders.pay(out_trade_no, coupon)
    const content = orders.view(order)
    notices.raise('TRANSACTION.SUCCESS', out_trade_no, order.notify_url, told === undefined ? content : { ...content, amount: { total: told, payer_total: told, currency: 'CNY', payer_currency: 'CNY' } })
    changed()
    return order
  }

  const api: PayApiDeps = { options, orders, refunds, trouble, now, origin, changed, log, bend: bill => bends.splice(0).reduce((text, bend) => bend(text), bill) }

  return {
    api, orders, refunds, notices, tick, pay, openids,
    /** The token of a scanned code_url, or a prepay_id. */
    orderOf: (token: string): PayOrder | undefined => orders.ofToken(token),
    /** What a page hands to the bridge: right signature, a living prepay_id, of this payer. */
    calledUp(given: Partial<CallUp>, openid: string): PayOrder {
      const call = { appId: '', timeStamp: '', nonceStr: '', package: '', signType: '', paySign: '', ...given }
      const order = signedCallUp(options, call) ? orders.ofToken(call.package.replace(/^prepay_id=/, '')) : undefined
      if (!order) throw new PayError(400, 'INVALID_REQUEST', '支付验证签名失败')
      if (order.openid !== openid) throw new PayError(400, 'INVALID_REQUEST', '下单账号与支付账号不一致')
      return order
    },
    /** The order of a code that the camera saw. */
    scanned(code: string): PayOrder {
      const order = orders.ofToken(/^weixin:\/\/wxpay\/bizpayurl\?pr=(.+)$/.exec(code)?.[1] ?? '')
      if (order?.trade_type !== 'NATIVE') throw new PayError(400, 'INVALID_REQUEST', '二维码已失效')
      return order
    },
    shown: ({ out_trade_no, description, total, state }: PayOrder) => ({ out_trade_no, description, total, state }),
    /** Codes on screens that a camera could see now. */
    codes: (): { name: string; url: string }[] => orders.all().filter(({ trade_type, state }) => trade_type === 'NATIVE' && state === 'NOTPAY')
      .flatMap(({ description, total, tokens }) => [...tokens.keys()].slice(-1).map(token => ({ name: `付款码：${description} ¥${(total / 100).toFixed(2)}`, url: `weixin://wxpay/bizpayurl?pr=${token}` }))),
    view: () => ({
      orders: orders.all().slice(-60).toReversed().map(({ tokens: _tokens, fingerprint: _words, ...order }) => order), refunds: refunds.all().slice(-60).toReversed(),
      notices: notices.log.slice(-60).toReversed().map(({ content, ...notice }) => ({ ...notice, content: JSON.stringify(content) })),
    }),
    /** The next bill goes out changed. */
    bendBill: (bend: (bill: string) => string): void => void bends.push(bend),
    /** Staff acts in the merchant's console: the money arrives after all. */
    repairRefund: (out_refund_no: string): void => tellRefund(refunds.repair(out_refund_no)),
    clear(): void {
      for (const part of [orders, refunds, notices]) part.clear()
      bends.length = 0
    },
  }
}
