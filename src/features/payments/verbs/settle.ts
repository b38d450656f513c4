import type { Transaction } from '../../../integrations/pay/index.ts'
import type { Tx } from '../../../platform/db.ts'
import { emit } from '../../../platform/events.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import type { Telling } from '../deps.ts'
import { strayPaid } from '../events.ts'
import { chargeMachine, orderMachine, yuan } from '../rules.ts'
import { chargesOf, findCharge, keepToken, lockOrder } from '../store/orders.ts'
import type { OrdersTable } from '../tables.ts'
import { closeCharge } from '../work.ts'
import { note } from './checks.ts'
import { askRefund } from './refund.ts'

/** The platform has answered with a code; where the charge has been closed meanwhile, it is closed there as well. */
export async function placed(tx: Tx, charge_id: string, token: string): Promise<void> {
  const charge = await findCharge(tx, charge_id)
  if (!charge) return
  if (charge.status === 'open') await keepToken(tx, charge_id, token, tx.bus.clock.now())
  else if (charge.status !== 'paid') await enqueue(tx, closeCharge, { charge_id })
}

/** The platform does not take this charge; the payer may choose again. */
export async function refuse(tx: Tx, charge_id: string, fault: string): Promise<void> {
  const charge = await findCharge(tx, charge_id)
  if (charge?.status === 'open') await move(tx, chargeMachine, charge, 'refuse', { actor: null, set: { fault: fault.slice(0, 60) } })
}

/** What the platform says of a charge, by notification or when asked: the same again changes nothing. */
export async function hear(tx: Tx, telling: Telling, transaction: Transaction): Promise<void> {
  const charge = await findCharge(tx, transaction.out_trade_no)
  if (!charge) return note(tx, telling, { kind: 'unknown', number: transaction.out_trade_no, order_id: null, ours: null, theirs: transaction.total })
  const order = await lockOrder(tx, charge.order_id)
  if (transaction.state === 'SUCCESS' || transaction.state === 'REFUND') return receive(tx, telling, order, transaction)
  const now = await findCharge(tx, charge.id)
  if (['CLOSED', 'REVOKED', 'PAYERROR'].includes(transaction.state) && now?.status === 'open') await move(tx, chargeMachine, charge, 'close', { actor: null })
}

/** Money has come: for the order, or, where that is settled already, to be given back. */
async function receive(tx: Tx, telling: Telling, order: OrdersTable, { out_trade_no, transaction_id, total, paid_at: said }: Transaction): Promise<void> {
  const charge = await findCharge(tx, out_trade_no)
  if (!charge || charge.status === 'paid') return
  if (total !== order.amount) return note(tx, telling, { kind: 'amount', number: charge.id, order_id: order.id, ours: order.amount, theirs: total })
  const paid_at = said ?? tx.bus.clock.now()
  await move(tx, chargeMachine, charge, 'pay', { actor: null, set: { transaction_id, paid_at } })
  if (order.status === 'created' || order.status === 'paying') {
    await move(tx, orderMachine, order, 'pay', { actor: null, subject: order.subject, data: { order_id: order.id }, set: { paid_at, charge_id: charge.id } })
    return settled(tx, telling, order)
  }
  await emit(tx, strayPaid, { order_id: order.id }, { subject: order.subject, actor: null })
  if (order.status === 'closed') {
    await move(tx, orderMachine, order, 'give-back', { actor: null, subject: order.subject, data: { order_id: order.id }, set: { paid_at, charge_id: charge.id } })
    await askRefund(tx, { order_id: order.id, charge_id: charge.id, amount: order.amount, reason: '订单关闭以后才付款，原路退回' })
  } else await askRefund(tx, { order_id: order.id, charge_id: charge.id, amount: order.amount, reason: '重复付款，原路退回' })
  await telling.messages.tell(tx, {
    to: order.person_id, kind: 'payments.stray', title: '多付的款正在退回', subject: order.id, url: `/pay/${order.id}`,
    lines: [{ label: '缴费项目', value: order.title }, { label: '金额', value: `¥${yuan(order.amount)}` }], text: order.status === 'closed' ? '付款的时候订单已经关闭，款项会原路退回' : '这个订单付了两次，多付的一次会原路退回',
  })
}

/** The receipt goes out; no other way of paying stays open. */
async function settled(tx: Tx, { messages }: Telling, order: OrdersTable): Promise<void> {
  for (const other of await chargesOf(tx, order.id)) if (other.status === 'open') await enqueue(tx, closeCharge, { charge_id: other.id })
  await messages.tell(tx, {
    to: order.person_id, kind: 'payments.paid', title: '缴费成功', subject: order.id, url: `/pay/${order.id}`,
    lines: [{ label: '缴费项目', value: order.title }, { label: '金额', value: `¥${yuan(order.amount)}` }, { label: '订单编号', value: order.id }],
  })
}

/** The platform has closed the charge: it can never be paid. */
export async function chargeClosed(tx: Tx, charge_id: string): Promise<void> {
  const charge = await findCharge(tx, charge_id)
  if (!charge) return
  await lockOrder(tx, charge.order_id)
  const now = await findCharge(tx, charge_id)
  if (now?.status === 'open') await move(tx, chargeMachine, charge, 'close', { actor: null })
}

/** Nothing of it can be paid any more. Does nothing where something was, or still can be. */
export async function close(tx: Tx, order_id: string): Promise<void> {
  const order = await lockOrder(tx, order_id)
  const now = tx.bus.clock.now()
  if (!['created', 'paying'].includes(order.status) || order.expires_at > now) return
  if ((await chargesOf(tx, order_id)).some(charge => charge.status === 'open')) return
  await move(tx, orderMachine, order, 'close', { actor: null, subject: order.subject, data: { order_id }, set: { ended_at: now } })
}
