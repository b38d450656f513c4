import type { Pay } from '../../../integrations/pay/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Work, work } from '../../../platform/jobs.ts'
import type { Deps } from '../deps.ts'
import { isFresh, nextLook } from '../rules.ts'
import { chargesOf, findCharge, findOrder, getOrder } from '../store/orders.ts'
import type { ChargesTable } from '../tables.ts'
import { chargeClosed, close, hear, placed, refuse } from '../verbs/settle.ts'
import { closeCharge, expireOrder, placeCharge, watchCharge } from '../work.ts'

/** The account; while the school has none, what is under way waits. */
export function account({ pay }: Pick<Deps, 'pay'>): Pay {
  if (!pay) throw new AppError('upstream', '学校的微信支付没有配置', { retryAfter: 3600_000 })
  return pay
}

export function payingWorks(deps: Deps): Work[] {
  const { database: { db, write }, clock, identity, wecom, publicUrl } = deps

  /** The way it is paid decides what is asked of the platform. */
  async function tokenOf(pay: Pay, charge: ChargesTable): Promise<string> {
    const { title, amount, expires_at, person_id } = await getOrder(db, charge.order_id)
    const order = { out_trade_no: charge.id, description: title, amount, expires_at, notify_url: `${publicUrl}/pay/wechat/notify` }
    if (charge.way === 'native') return pay.native(order)
    const userid = await identity.wecomUseridOf(db, person_id)
    if (!userid) throw new AppError('invalid', '没有绑定企业微信，不能在企业微信里付款', { code: 'pay:not-bound' })
    return pay.jsapi(order, await wecom.openidOf(userid))
  }

  /** Asks, and keeps what the platform says; null where it knows nothing of it. */
  async function look(pay: Pay, charge_id: string): Promise<string | null> {
    const transaction = await pay.transaction(charge_id)
    if (transaction) await write(tx => hear(tx, deps, transaction))
    return transaction?.state ?? null
  }

  /** Whether it is closed there now; false where it turned out to be paid. */
  async function shut(pay: Pay, charge_id: string): Promise<boolean> {
    try {
      await pay.close(charge_id)
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
      // Refused: it is paid, or closed, or was never made; only asking tells.
      const state = await look(pay, charge_id)
      if (state === 'SUCCESS' || state === 'REFUND') return false
      if (state === 'NOTPAY' || state === 'USERPAYING') throw new AppError('upstream', '微信支付现在不关闭这个订单', { cause: error })
    }
    await write(tx => chargeClosed(tx, charge_id))
    return true
  }

  return [
    work(placeCharge, async ({ charge_id }) => {
      const charge = await findCharge(db, charge_id)
      if (!charge || charge.status !== 'open' || isFresh(charge, clock.now())) return
      const pay = account(deps)
      try {
        const token = await tokenOf(pay, charge)
        await write(tx => placed(tx, charge_id, token))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        const state = await look(pay, charge_id)
        if (state === null || state === 'NOTPAY') await write(tx => refuse(tx, charge_id, error.code ?? 'refused'))
      }
    }),

    work(watchCharge, async ({ charge_id }) => {
      const charge = await findCharge(db, charge_id)
      if (!charge || charge.status === 'paid') return
      const state = await look(account(deps), charge_id)
      const now = await findCharge(db, charge_id)
      return now?.status === 'open' || (state === 'NOTPAY' && now?.status === 'refused') ? { later: nextLook(charge.opened_at, clock.now()) } : undefined
    }),

    work(closeCharge, async ({ charge_id }) => {
      const charge = await findCharge(db, charge_id)
      if (charge && charge.status !== 'paid') await shut(account(deps), charge_id)
    }),

    work(expireOrder, async ({ order_id }) => {
      const order = await findOrder(db, order_id)
      if (!order || !['created', 'paying'].includes(order.status)) return
      if (order.expires_at > clock.now()) return { later: order.expires_at - clock.now() }
      for (const charge of await chargesOf(db, order_id)) {
        if (charge.status !== 'closed' && !await shut(account(deps), charge.id)) return
      }
      await write(tx => close(tx, order_id))
    }),
  ]
}
