import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import type { Deps } from '../deps.ts'
import { orderOpened } from '../events.ts'
import { canCancel, canPay, isFresh, LONGEST, MOST, orderMachine, PAID_WITHIN } from '../rules.ts'
import { chargesOf, endNow, insertCharge, insertOrder, keepToken, lockOrder, openOrderOf } from '../store/orders.ts'
import type { Way } from '../tables.ts'
import { expireOrder, placeCharge, watchCharge } from '../work.ts'

/** `subject`: id of the thing at the feature that asks, the subject of the order's events. `amount`: fen. `back`: path of the thing's page. */
export type NewOrder = { subject: string; person_id: string; title: string; amount: number; back?: string; expires_at?: number }

/** A thing to be paid for; its page is /pay/ID. While one is open for the same subject and amount, it is that one. Throws `conflict` where payment is not set up. */
export async function open(tx: Tx, { pay }: Pick<Deps, 'pay'>, { subject, person_id, title, amount, back, expires_at }: NewOrder): Promise<string> {
  if (!pay) throw new AppError('conflict', '学校还没有开通微信支付，现在不能缴费')
  if (!Number.isInteger(amount) || amount < 1 || amount > MOST) throw new TypeError(`an amount of ${amount} fen`)
  const known = await openOrderOf(tx, subject)
  const now = tx.bus.clock.now()
  if (known && known.amount === amount && known.expires_at > now) return known.id
  if (known) await cancelOrder(tx, known.id)
  const order = {
    id: newId(), subject, person_id, title: title.slice(0, 120), back: back ?? null, amount, status: 'created' as const, version: 1, charge_id: null,
    opened_at: now, expires_at: Math.min(expires_at ?? now + PAID_WITHIN, now + LONGEST), paid_at: null, ended_at: null,
  }
  await insertOrder(tx, order)
  await enqueue(tx, expireOrder, { order_id: order.id }, { at: order.expires_at, key: `${expireOrder.name}-${order.id}` })
  await emit(tx, orderOpened, { order_id: order.id }, { subject, actor: { person_id, number: null } })
  return order.id
}

/** The payer has chosen how to pay: a charge of that way, its code on the way. Pressed again, the same one, with a fresh code where the old one has ended. */
export async function charge(tx: Tx, actor: Actor, order_id: string, way: Way): Promise<void> {
  const order = await lockOrder(tx, order_id)
  if (order.person_id !== actor.person_id) throw new AppError('not-found', '没有找到这个订单')
  const now = tx.bus.clock.now()
  if (!canPay(order, now)) throw new AppError('conflict', orderMachine.sentences?.[order.status] ?? '这个订单已经过了付款时间')
  const known = (await chargesOf(tx, order_id)).find(each => each.way === way && each.status === 'open')
  if (known) {
    if (known.token === null || isFresh(known, now)) return
    await keepToken(tx, known.id, null, null)
    return enqueue(tx, placeCharge, { charge_id: known.id }, { priority: 1 })
  }
  const id = newId()
  await insertCharge(tx, { id, order_id, way, opened_at: now })
  if (order.status === 'created') await move(tx, orderMachine, order, 'begin', { actor })
  await enqueue(tx, placeCharge, { charge_id: id }, { priority: 1 })
  await enqueue(tx, watchCharge, { charge_id: id }, { at: now + 60_000 })
}

/** Ends it before its time; a payment that is under way at this moment still counts, or is given back. */
export async function cancel(tx: Tx, actor: Actor, order_id: string): Promise<void> {
  const order = await lockOrder(tx, order_id)
  if (order.person_id !== actor.person_id) throw new AppError('not-found', '没有找到这个订单')
  if (!canCancel(order, tx.bus.clock.now())) throw new AppError('conflict', orderMachine.sentences?.[order.status] ?? '这个订单已经过了付款时间')
  await cancelOrder(tx, order_id)
}

/** The same for the feature that opened it; does nothing where it is paid or closed. */
export async function cancelOrder(tx: Tx, order_id: string): Promise<void> {
  const order = await lockOrder(tx, order_id)
  const now = tx.bus.clock.now()
  if (!canCancel(order, now)) return
  await endNow(tx, order_id, now)
  await enqueue(tx, expireOrder, { order_id })
}
