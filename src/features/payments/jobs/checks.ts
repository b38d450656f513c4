import { enqueue, type Work, work } from '../../../platform/jobs.ts'
import type { Deps } from '../deps.ts'
import { daysBefore, KEPT } from '../rules.ts'
import { checkedDays, forgetDifferences } from '../store/checks.ts'
import { forgetOrders } from '../store/orders.ts'
import { check } from '../verbs/checks.ts'
import { checkBill, checkBills, forget } from '../work.ts'
import { account } from './paying.ts'

/** A hall that stood still for a week catches up. */
const DAYS = 7
const AT_ONCE = 200

export function checkWorks(deps: Deps): Work[] {
  const { database: { db, write }, clock } = deps
  return [
    work(checkBills, async () => {
      if (!deps.pay) return
      const days = daysBefore(clock.now(), DAYS)
      const checked = await checkedDays(db, days)
      await write(async tx => {
        for (const date of days) if (!checked.has(date)) await enqueue(tx, checkBill, { date })
      })
    }),
    work(checkBill, async ({ date }) => {
      const lines = await account(deps).bill(date)
      await write(tx => check(tx, deps, date, lines))
    }),
    work(forget, async () => {
      const before = clock.now() - KEPT
      const gone = await write(async tx => [await forgetOrders(tx, before, AT_ONCE), await forgetDifferences(tx, before, AT_ONCE)])
      return gone.includes(AT_ONCE) ? { later: 1000 } : undefined
    }),
  ]
}
