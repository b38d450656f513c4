import type { Tx } from '../../../platform/db.ts'
import type { Tell } from '../../messages/index.ts'
import type { Telling } from '../deps.ts'
import type { OrdersTable } from '../tables.ts'
import { yuan } from '../rules.ts'

/** Whoever looks after the money hears of it; where nobody has that role, the administrators. */
async function tellFinance(tx: Tx, { identity, messages }: Telling, message: Omit<Tell, 'to'>): Promise<void> {
  const holders = await identity.holdersOf(tx, 'finance')
  await messages.tellAll(tx, (holders.length > 0 ? holders : await identity.admins(tx)).map(to => ({ ...message, to })))
}

export async function tellOfDifferences(tx: Tx, telling: Telling, { date, count }: { date: string; count: number }): Promise<void> {
  await tellFinance(tx, telling, {
    kind: 'payments.difference-found', title: `对账有 ${count} 笔差异`, subject: date, url: '/admin/payments/checks',
    lines: [{ label: '账单日期', value: date }], text: '大厅和微信支付的记录不一致。请逐笔核对，写明怎样处理的',
  })
}

export async function tellOfFailedRefund(tx: Tx, telling: Telling, order: Pick<OrdersTable, 'id' | 'title' | 'amount'>): Promise<void> {
  await tellFinance(tx, telling, {
    kind: 'payments.refund-failed', title: '有一笔退款没有成功', subject: order.id, url: `/admin/payments/${order.id}`,
    lines: [{ label: '缴费项目', value: order.title }, { label: '金额', value: `¥${yuan(order.amount)}` }], text: '款项还在学校。请打开订单看原因，处理以后重新退款',
  })
}
