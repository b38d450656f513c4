import type { Refund } from '../../../integrations/pay/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Outcome, type Work, work } from '../../../platform/jobs.ts'
import type { Deps } from '../deps.ts'
import { nextLook } from '../rules.ts'
import { getOrder } from '../store/orders.ts'
import { findRefund } from '../store/refunds.ts'
import type { RefundsTable } from '../tables.ts'
import { hearRefund, refundRefused, refundStalled } from '../verbs/refund.ts'
import { refundCharge } from '../work.ts'
import { account } from './paying.ts'

const HOUR = 3600_000
/** Trying again changes nothing about these; of everything else (no balance, settings) a person or time can take care. */
const FINAL = ['pay:INVALID_REQUEST', 'pay:PARAM_ERROR', 'pay:RESOURCE_NOT_EXISTS', 'pay:USER_ACCOUNT_ABNORMAL']

export function refundWork(deps: Deps): Work {
  const { database: { db, write }, clock, publicUrl } = deps

  async function ask({ id, charge_id, order_id, amount, reason, status }: RefundsTable): Promise<Refund> {
    const pay = account(deps)
    // What was accepted is only asked about; should the platform not know it after all, the same number is sent again.
    const known = status === 'accepted' ? await pay.findRefund(id) : null
    const { amount: total } = await getOrder(db, order_id)
    return known ?? pay.refund({ out_refund_no: id, out_trade_no: charge_id, reason, refund: amount, total, notify_url: `${publicUrl}/pay/wechat/refund-notify` })
  }

  async function refused(refund_id: string, error: AppError): Promise<Outcome> {
    const fault = error.code ?? 'refused'
    if (FINAL.includes(fault)) return write(tx => refundRefused(tx, deps, refund_id, fault))
    await write(tx => refundStalled(tx, refund_id, fault))
    return { later: HOUR }
  }

  return work(refundCharge, async ({ refund_id }) => {
    const row = await findRefund(db, refund_id)
    if (!row || row.status === 'done' || row.status === 'failed') return
    try {
      const heard = await ask(row)
      await write(tx => hearRefund(tx, deps, heard))
      if (heard.status === 'PROCESSING') return { later: nextLook(row.asked_at, clock.now()) }
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
      return refused(refund_id, error)
    }
  })
}
