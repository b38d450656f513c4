import type { BillLine } from '../../../integrations/pay/index.ts'
import { schoolInstant, schoolTime } from '../../../platform/dates.ts'
import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Telling } from '../deps.ts'
import { differenceFound, differenceSettled } from '../events.ts'
import { type Difference, differencesOf } from '../rules.ts'
import { chargesNamed, insertDifference, keepCheck, markBilled, refundsNamed, settleDifference, unbilled } from '../store/checks.ts'
import { watchCharge } from '../work.ts'
import { tellOfDifferences } from './finance.ts'

const DAY = 86_400_000
/** What happens at the very end of a day may stand in the bill of the next. */
const MARGIN = 10 * 60_000
const LOOKS_BACK = 7 * DAY
const LONGEST_NOTE = 500

/** Keeps that the platform and the hall do not agree, once, for staff to look into. */
export async function note(tx: Tx, telling: Telling, difference: Difference): Promise<void> {
  const { date } = schoolTime(tx.bus.clock.now())
  if (await keep(tx, difference, date)) await tellOfDifferences(tx, telling, { date, count: 1 })
}

/** False where it is known already. */
async function keep(tx: Tx, difference: Difference, date: string): Promise<boolean> {
  const id = await insertDifference(tx, { ...difference, date, found_at: tx.bus.clock.now() })
  if (id) await emit(tx, differenceFound, { difference_id: id }, { subject: id, actor: null })
  return id !== null
}

/** Holds a day's bill against the books. What is paid there and not here is asked about at once. */
export async function check(tx: Tx, telling: Telling, date: string, bill: readonly BillLine[]): Promise<void> {
  const lines = bill.filter(line => line.ours)
  const [payments, refunds] = [lines.filter(({ kind }) => kind === 'payment'), lines.filter(({ kind }) => kind === 'refund')]
  const start = schoolInstant(date) ?? 0
  const charges = await chargesNamed(tx, [...new Set(lines.map(line => line.out_trade_no))])
  const known = await refundsNamed(tx, refunds.map(line => line.number))
  await markBilled(tx, 'payments_charges', payments.map(line => line.number), date)
  await markBilled(tx, 'payments_refunds', refunds.map(line => line.number), date)
  const found = differencesOf(lines, { charges, refunds: known, unbilled: await unbilled(tx, start + DAY - LOOKS_BACK, start + DAY - MARGIN) })
  let count = 0
  for (const difference of found) {
    if (await keep(tx, difference, date)) count++
    if (difference.kind === 'unpaid') await enqueue(tx, watchCharge, { charge_id: difference.number })
  }
  if (count > 0) await tellOfDifferences(tx, telling, { date, count })
  const sum = (of: readonly BillLine[]) => of.reduce((total, line) => total + line.amount, 0)
  await keepCheck(tx, { id: date, checked_at: tx.bus.clock.now(), payments: payments.length, paid: sum(payments), refunds: refunds.length, refunded: sum(refunds), others: bill.length - lines.length })
}

/** Somebody has looked into it and says what it was. Throws `invalid` without words. */
export async function settle(tx: Tx, actor: Actor, difference_id: string, typed: string): Promise<void> {
  const words = typed.trim()
  if (words === '' || words.length > LONGEST_NOTE) throw new AppError('invalid', '请写明怎样处理的，最多 500 个字', { fields: { note: '请写明怎样处理的，最多 500 个字' } })
  const done = await settleDifference(tx, difference_id, { settled_at: tx.bus.clock.now(), settled_by: actor.number ?? '', note: words })
  if (!done) throw new AppError('conflict', '这条差异已经处理过了')
  await emit(tx, differenceSettled, { difference_id }, { subject: difference_id, actor })
}
