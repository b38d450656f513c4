import type { Db, Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/events.ts'
import type { Feature } from '../../platform/feature.ts'
import { adminRoutes } from './routes/admin.ts'
import { checkRoutes } from './routes/checks.ts'
import type { Deps } from './deps.ts'
import { labels } from './events.ts'
import { checkWorks } from './jobs/checks.ts'
import { payingWorks } from './jobs/paying.ts'
import { refundWork } from './jobs/refunds.ts'
import { personalOf } from './pages/cashier.ts'
import { onNotification } from './reactions.ts'
import { routes } from './routes/cashier.ts'
import { certificateWarnings, chargeMachine, orderMachine, refundMachine, yuan } from './rules.ts'
import { findOrder, listOrders } from './store/orders.ts'
import type { OrderStatus } from './tables.ts'
import { cancelOrder, type NewOrder, open } from './verbs/open.ts'
import { refund } from './verbs/refund.ts'

export { orderClosed, orderOpened, orderPaid, orderRefunded, refundFailed } from './events.ts'
export { yuan } from './rules.ts'
export type { NewOrder } from './verbs/open.ts'

export type OrderView = { id: string; status: OrderStatus; amount: number; expires_at: number; href: string }

export type Payments = Feature & {
  /** Can anything be paid? Without it whatever has a price cannot be ordered, and `whyOff` tells the console why. */
  readonly on: boolean
  readonly whyOff: { text: string } | null
  /** What will keep payments from being heard of before long, as phrases for `t`. */
  warnings(): { text: string; params?: Record<string, string> }[]
  /** The id of an order; its page is /pay/ID. Throws `conflict` where payment is off. */
  open(tx: Tx, order: NewOrder): Promise<string>
  /** All of it goes back. Throws `conflict` where nothing was paid. */
  refund(tx: Tx, order_id: string, reason: string, actor?: Actor | null): Promise<void>
  /** What is not wanted any more is closed; what is paid meanwhile comes as `orderPaid`, or is given back. */
  cancel(tx: Tx, order_id: string): Promise<void>
  orderById(db: Db, id: string): Promise<OrderView | null>
  yuan(fen: number): string
}

const OFF = { text: '没有配置微信支付（WECHAT_PAY_*），要收费的项目不能办理' }
/** Of a person's own orders in 我的信息. */
const MOST = 500

/** Orders, how they are paid, and how the money goes back. */
export function createPayments(deps: Deps): Payments {
  const { pay } = deps
  return {
    name: 'payments',
    on: pay !== null,
    whyOff: pay === null ? OFF : null,
    warnings: () => certificateWarnings(pay?.certificatesEnd ?? null, deps.clock.now()),
    routes: routes(deps),
    console: [{ right: 'payments.manage', routes: async app => {
      await app.register(adminRoutes(deps))
      await app.register(checkRoutes(deps))
    } }],
    consoleMenu: [
      { group: '业务', label: '缴费与退款', href: '/admin/payments', icon: 'list', right: 'payments.manage', below: null },
      { group: '业务', label: '对账', href: '/admin/payments/checks', icon: 'check', right: 'payments.manage' },
      { group: '业务', label: '收费统计', href: '/admin/payments/statistics', icon: 'chart', right: 'payments.manage' },
    ],
    hallMenu: [{ group: '我的', label: '我的缴费', href: '/pay' }],
    jobs: [...payingWorks(deps), refundWork(deps), ...checkWorks(deps)],
    reactions: [onNotification(deps)],
    machines: [orderMachine, chargeMachine, refundMachine],
    labels,
    personal: async (db, person_id) => [personalOf(await listOrders(db, { person_id, limit: MOST }))],
    open: (tx, order) => open(tx, deps, order),
    refund,
    cancel: cancelOrder,
    async orderById(db, id) {
      const order = await findOrder(db, id)
      return order ? { id, status: order.status, amount: order.amount, expires_at: order.expires_at, href: `/pay/${id}` } : null
    },
    yuan,
  }
}
