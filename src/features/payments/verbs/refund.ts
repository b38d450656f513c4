import type { Refund } from '../../../integrations/pay/index.ts'
import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import type { Telling } from '../deps.ts'
import { canRefund, orderMachine, refundMachine, yuan } from '../rules.ts'
import { lockOrder } from '../store/orders.ts'
import { findRefund, insertRefund, noteFault, refundsOfCharge } from '../store/refunds.ts'
import type { OrdersTable, RefundsTable } from '../tables.ts'
import { refundCharge } from '../work.ts'
import { note } from './checks.ts'
import { tellOfFailedRefund } from './finance.ts'

/** What the payer reads of it on the platform's bill (3.1). */
const LONGEST_REASON = 80

/** All that was paid goes back to where it came from. Asked again, it is the same refund. Throws `conflict` where nothing was paid, or too long ago. */
export async function refund(tx: Tx, order_id: string, reason: string, actor: Actor | null = null): Promise<void> {
  const order = await lockOrder(tx, order_id)
  if (['refunding', 'refunded', 'failed'].includes(order.status)) return
  if (order.status !== 'paid') throw new AppError('conflict', orderMachine.sentences?.[order.status] ?? '这个订单还没有付款')
  if (!canRefund(order, tx.bus.clock.now()) || !order.charge_id) throw new AppError('conflict', '付款超过一年，微信支付不能退款，请线下处理')
  await move(tx, orderMachine, order, 'refund', { actor, subject: order.subject, data: { order_id } })
  await askRefund(tx, { order_id, charge_id: order.charge_id, amount: order.amount, reason })
}

type Asked = Pick<RefundsTable, 'order_id' | 'charge_id' | 'amount' | 'reason'>

export async function askRefund(tx: Tx, { order_id, charge_id, amount, reason }: Asked): Promise<void> {
  const id = newId()
  await insertRefund(tx, { id, order_id, charge_id, amount, reason: [...reason].slice(0, LONGEST_REASON).join(''), asked_at: tx.bus.clock.now() })
  await enqueue(tx, refundCharge, { refund_id: id })
}

/** What the platform says of a refund, by notification or when asked: the same again changes nothing. */
export async function hearRefund(tx: Tx, telling: Telling, heard: Refund): Promise<void> {
  const known = await findRefund(tx, heard.out_refund_no)
  if (!known) return note(tx, telling, { kind: 'unknown', number: heard.out_refund_no, order_id: null, ours: null, theirs: heard.amount })
  const order = await lockOrder(tx, known.order_id)
  const row = await findRefund(tx, known.id)
  if (!row || row.status === 'done') return
  const now = tx.bus.clock.now()
  const accepted_at = row.accepted_at ?? now
  if (heard.status === 'PROCESSING') {
    if (row.status === 'asked') await move(tx, refundMachine, row, 'accept', { actor: null, set: { accepted_at, fault: null } })
  } else if (heard.status === 'SUCCESS') {
    await move(tx, refundMachine, row, 'finish', { actor: null, set: { accepted_at, done_at: heard.done_at ?? now, fault: null } })
    await returned(tx, telling, order, row)
  } else await fail(tx, telling, order, row, heard.status, accepted_at)
}

async function returned(tx: Tx, { messages }: Telling, order: OrdersTable, { charge_id, reason }: RefundsTable): Promise<void> {
  if (order.charge_id === charge_id) {
    await move(tx, orderMachine, order, 'return', { actor: null, subject: order.subject, data: { order_id: order.id }, set: { ended_at: tx.bus.clock.now() } })
  }
  await messages.tell(tx, {
    to: order.person_id, kind: 'payments.refunded', title: '费用已经退回', subject: order.id, url: `/pay/${order.id}`,
    lines: [{ label: '缴费项目', value: order.title }, { label: '金额', value: `¥${yuan(order.amount)}` }, { label: '原因', value: reason }], text: '款项原路退回，银行卡可能要过几个工作日才到账',
  })
}

async function fail(tx: Tx, telling: Telling, order: OrdersTable, row: RefundsTable, fault: string, accepted_at: number | null): Promise<void> {
  if (row.status === 'failed') return
  await move(tx, refundMachine, row, 'fail', { actor: null, set: { fault: fault.slice(0, 60), ...(accepted_at !== null && { accepted_at }) } })
  if (order.charge_id === row.charge_id && order.status === 'refunding') await move(tx, orderMachine, order, 'fail', { actor: null, subject: order.subject, data: { order_id: order.id } })
  await tellOfFailedRefund(tx, telling, order)
}

/** The platform will never take this refund as it is; staff has to act. */
export async function refundRefused(tx: Tx, telling: Telling, refund_id: string, fault: string): Promise<void> {
  const known = await findRefund(tx, refund_id)
  if (!known) return
  const order = await lockOrder(tx, known.order_id)
  const row = await findRefund(tx, refund_id)
  if (row && row.status !== 'done') await fail(tx, telling, order, row, fault, row.accepted_at)
}

/** It is tried again later, with what is in the way told to staff. */
export async function refundStalled(tx: Tx, refund_id: string, fault: string): Promise<void> {
  await noteFault(tx, refund_id, fault.slice(0, 60))
}

/** Staff has it tried again: what was closed gets a new number, everything else keeps its own, so that nothing is given back twice. */
export async function refundAgain(tx: Tx, actor: Actor, order_id: string): Promise<void> {
  const order = await lockOrder(tx, order_id)
  const row = (await refundsOfCharge(tx, order.charge_id ?? '')).at(-1)
  if (order.status !== 'failed' || !row) throw new AppError('conflict', orderMachine.sentences?.[order.status] ?? '这个订单还没有付款')
  await move(tx, orderMachine, order, 'again', { actor, subject: order.subject, data: { order_id } })
  if (row.fault === 'CLOSED') return askRefund(tx, row)
  await move(tx, refundMachine, row, 'again', { actor })
  await enqueue(tx, refundCharge, { refund_id: row.id })
}
