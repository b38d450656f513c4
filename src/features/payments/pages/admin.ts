import type { T } from '../../../platform/text.ts'
import { maskNumber, type Person } from '../../identity/index.ts'
import { canRefund, yuan } from '../rules.ts'
import type { ChargesTable, OrdersTable, OrderStatus, RefundsTable } from '../tables.ts'
import { orderTag, statusText } from './cashier.ts'
import { faultText } from './faults.ts'

export const PAGE = 30
export const STATUSES: readonly OrderStatus[] = ['paying', 'paid', 'refunding', 'failed', 'refunded', 'closed']

type List = { rows: readonly OrdersTable[]; people: ReadonlyMap<string, Person>; status: OrderStatus | undefined; q: string; counts: ReadonlyMap<OrderStatus, number>; now: number; on: boolean }

export function listPage(t: T, { rows, people, status, q, counts, now, on }: List) {
  const shown = rows.slice(0, PAGE)
  const address = (more: Record<string, string>) => `/admin/payments?${new URLSearchParams({ ...status && { status }, ...q !== '' && { q }, ...more })}`
  return {
    title: t('缴费与退款'), off: !on, q, status, clear: q !== '' ? '/admin/payments' : undefined, next: rows.length > PAGE ? address({ before: shown.at(-1)?.id ?? '' }) : undefined,
    segments: [
      { label: t('全部'), href: '/admin/payments', current: !status },
      ...STATUSES.map(each => ({ label: statusText(t, each), href: `/admin/payments?status=${each}`, current: status === each, ...(each === 'failed' || each === 'refunding') && { count: counts.get(each) } })),
    ],
    rows: shown.map(order => ({ id: order.id, href: `/admin/payments/${order.id}`, cells: {
      title: { text: t(order.title), note: order.id }, person: personText(t, people.get(order.person_id)), amount: `¥${yuan(order.amount)}`, opened_at: { time: order.opened_at, text: '' }, status: { tag: orderTag(t, order, now), text: '' },
    } })),
    empty: q !== '' || status ? { icon: 'search', title: t('没有符合条件的订单') } : { icon: 'list', title: t('还没有缴费订单'), note: t('学生办理要收费的项目时，订单会出现在这里') },
  }
}

function personText(t: T, person: Person | undefined): string {
  return person ? t('{name}（{number}）', { name: person.name, number: maskNumber(person.number) }) : t('已经不在名单里')
}

type One = { order: OrdersTable; charges: readonly ChargesTable[]; refunds: readonly RefundsTable[]; person: Person | undefined; now: number; on: boolean }

const WAYS = { native: '扫码付款', jsapi: '企业微信内付款' } as const
const CHARGES = {
  open: { text: '等待付款', meaning: 'amber' }, paid: { text: '已付款', meaning: 'green' }, closed: { text: '已关闭', meaning: 'grey' }, refused: { text: '下单没有成功', meaning: 'red' },
} as const
const REFUNDS = {
  asked: { text: '等待受理', meaning: 'amber' }, accepted: { text: '微信支付处理中', meaning: 'blue' }, done: { text: '已到账', meaning: 'green' }, failed: { text: '没有成功', meaning: 'red' },
} as const

export function orderPage(t: T, { order, charges, refunds, person, now, on }: One) {
  const failing = refunds.at(-1)
  return {
    title: t(order.title), back: { label: t('缴费与退款'), href: '/admin/payments' }, id: order.id, off: !on, tag: orderTag(t, order, now),
    rows: [
      { label: t('金额'), value: `¥${yuan(order.amount)}` }, { label: t('付款人'), value: personText(t, person) }, { label: t('订单编号'), value: order.id }, { label: t('下单时间'), time: order.opened_at }, { label: t('付款期限'), time: order.expires_at },
      ...order.paid_at === null ? [] : [{ label: t('付款时间'), time: order.paid_at }], ...order.ended_at === null ? [] : [{ label: t('结束时间'), time: order.ended_at }],
    ],
    fault: order.status === 'failed' && failing ? faultText(t, failing.fault) : null,
    stalled: order.status === 'refunding' && failing?.fault ? faultText(t, failing.fault) : null,
    charges: charges.map(charge => ({ id: charge.id, cells: {
      id: { text: charge.id, note: charge.transaction_id ? t('微信支付订单号 {number}', { number: charge.transaction_id }) : undefined }, way: t(WAYS[charge.way]), opened_at: { time: charge.opened_at, text: '' },
      status: { tag: { ...CHARGES[charge.status], text: t(CHARGES[charge.status].text) }, text: '', note: charge.fault ? faultText(t, charge.fault) : undefined },
    } })),
    refunds: refunds.map(refund => ({ id: refund.id, cells: {
      id: { text: refund.id, note: refund.reason }, amount: `¥${yuan(refund.amount)}`, asked_at: { time: refund.asked_at, text: '' }, done_at: refund.done_at === null ? '' : { time: refund.done_at, text: '' },
      status: { tag: { ...REFUNDS[refund.status], text: t(REFUNDS[refund.status].text) }, text: '' },
    } })),
    refundable: canRefund(order, now), again: order.status === 'failed', look: ['created', 'paying', 'refunding'].includes(order.status),
  }
}

export function refundPage(t: T, { id, title, amount }: OrdersTable, typed: string, error: string | undefined) {
  return { title: t('退款'), heading: false, confirm: {
    title: t('退款'), sentence: t('“{title}”的 ¥{amount} 会全部原路退回付款人，不能撤回。', { title: t(title), amount: yuan(amount) }), effects: [t('零钱马上到账，银行卡可能要过几个工作日'), t('付款人会收到通知，并看到退款原因')], danger: true,
    action: `/admin/payments/${id}/refund`, label: t('退款'), back: `/admin/payments/${id}`, reason: { label: t('退款原因'), value: typed, required: true, maxlength: 80, rows: 2, ...error && { error: t(error) } },
  } }
}
