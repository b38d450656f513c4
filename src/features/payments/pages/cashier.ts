import { dayParts } from '../../../platform/dates.ts'
import type { PersonalKind } from '../../../platform/personal.ts'
import { type T, textIn } from '../../../platform/text.ts'
import { canPay, yuan } from '../rules.ts'
import type { ChargesTable, OrdersTable, OrderStatus, RefundsTable } from '../tables.ts'

export const PAGE = 20

type Meaning = 'green' | 'amber' | 'red' | 'grey' | 'blue'
const TAGS: Record<OrderStatus, { text: string; meaning: Meaning }> = {
  created: { text: '待付款', meaning: 'amber' }, paying: { text: '待付款', meaning: 'amber' }, paid: { text: '已付款', meaning: 'green' }, refunding: { text: '退款中', meaning: 'blue' },
  refunded: { text: '已退款', meaning: 'grey' }, closed: { text: '已关闭', meaning: 'grey' }, failed: { text: '退款没有成功', meaning: 'red' },
}
const CLOSING = { text: '正在关闭', meaning: 'grey' } as const

/** What has passed its time is being closed: it can still turn out to be paid. */
export function orderTag(t: T, order: Pick<OrdersTable, 'status' | 'expires_at' | 'person_id'>, now: number) {
  const waiting = order.status === 'created' || order.status === 'paying'
  const tag = waiting && !canPay(order, now) ? CLOSING : TAGS[order.status]
  return { ...tag, text: t(tag.text) }
}

export function statusText(t: T, status: OrderStatus): string {
  return t(TAGS[status].text)
}

export function ordersPage(t: T, rows: readonly OrdersTable[], now: number) {
  const shown = rows.slice(0, PAGE)
  return {
    title: t('我的缴费'), next: rows.length > PAGE ? `/pay?before=${shown.at(-1)?.id}` : undefined,
    items: shown.map(order => ({ title: t(order.title), note: `¥${yuan(order.amount)}`, href: `/pay/${order.id}`, tag: orderTag(t, order, now), time: order.opened_at, chevron: true })),
  }
}

type Token = { svg: string } | { call: string } | null
type Cashier = {
  order: OrdersTable
  /** the open charge that the page shows */
  chosen: ChargesTable | undefined
  refused: ChargesTable | undefined
  token: Token
  canCall: boolean
  mobile: boolean
  now: number
  on: boolean
  refunds: readonly RefundsTable[]
}

export function cashierPage(t: T, { order, chosen, refused, token, canCall, mobile, now, on, refunds }: Cashier) {
  const payable = canPay(order, now)
  // A code that has ended is asked for again by the button that it came from.
  const shown = chosen && (token || chosen.token === null) ? chosen : undefined
  return {
    title: t('缴费'), styles: ['css/pages/payments.css'], heading: t(order.title), amount: yuan(order.amount), id: order.id, state: stateOf(t, order, now, refunds),
    payable: payable && on, off: payable && !on, live: isLive(order, now),
    waiting: payable && shown !== undefined && token === null,
    svg: token && 'svg' in token ? token.svg : null, call: token && 'call' in token ? token.call : null, charge_id: chosen?.id,
    until: payable ? t('请在 {month}{day}日 {time} 前付款', dayParts(t, order.expires_at)) : null,
    refused: payable && refused && !shown ? refused.way === 'jsapi' ? t('在企业微信里付款没有成功，可以用二维码付款') : t('微信支付没有接受这个订单，请稍后再试，或者联系客服') : null,
    hint: mobile ? t('请在电脑或者另一部手机上打开这一页，再用微信扫一扫。长按识别和相册里的图片不能付款') : t('请用手机微信扫一扫'),
    choices: choicesOf(t, canCall, shown),
    cancellable: payable, back: order.back, backLabel: order.status === 'paid' ? t('继续办理') : t('返回'),
    rows: [
      { label: t('缴费项目'), value: t(order.title) }, { label: t('金额'), value: `¥${yuan(order.amount)}` }, { label: t('订单编号'), value: order.id }, { label: t('下单时间'), time: order.opened_at },
      ...order.paid_at === null ? [] : [{ label: t('付款时间'), time: order.paid_at }],
      ...refunds.flatMap(refund => [{ label: t('退款原因'), value: refund.reason }, { label: t('申请退款'), time: refund.asked_at }, ...refund.done_at === null ? [] : [{ label: t('退款到账'), time: refund.done_at }]]),
    ],
  }
}

/** Inside WeCom the call stands first, the QR code second; what is shown already is not offered again. */
function choicesOf(t: T, canCall: boolean, chosen: ChargesTable | undefined) {
  const ways = [...canCall ? [{ way: 'jsapi', label: t('微信支付') }] : [], { way: 'native', label: canCall ? t('用二维码付款') : t('微信扫码付款') }]
  return ways.filter(({ way }) => way !== chosen?.way).map((choice, place) => ({ ...choice, main: place === 0 && !chosen }))
}

/** Does something still happen by itself? Then the page looks again. */
function isLive(order: OrdersTable, now: number): boolean {
  return order.status === 'paying' || order.status === 'refunding' || (order.status === 'created' && !canPay(order, now))
}

function stateOf(t: T, order: OrdersTable, now: number, refunds: readonly RefundsTable[]) {
  const stray = order.status === 'paid' && refunds.some(({ status }) => status !== 'done')
  switch (order.status) {
    case 'paid': return { meaning: 'green', sentence: t('缴费成功'), note: stray ? t('这个订单付了两次，多付的一次正在原路退回') : t('凭证已发到企业微信，也可以随时回到这一页查看') }
    case 'refunding': return { meaning: 'blue', sentence: t('正在退款'), note: t('款项原路退回，零钱马上到账，银行卡可能要过几个工作日') }
    case 'refunded': return { meaning: 'grey', icon: 'undo', sentence: t('费用已经退回'), note: t('款项原路退回，银行卡可能要过几个工作日才到账') }
    case 'failed': return { meaning: 'red', sentence: t('退款没有成功'), note: t('款项还在学校，财务人员会处理，不用重新申请') }
    case 'closed': return { meaning: 'grey', sentence: t('订单已经关闭，没有扣款'), note: order.back ? t('还要办理时，请回到原来的页面重新提交') : null }
    default: return canPay(order, now) ? null : { meaning: 'blue', sentence: t('正在关闭订单'), note: t('正在和微信支付核对有没有付款，有的话款项不会丢') }
  }
}

/** For 我的信息. */
export function personalOf(orders: readonly OrdersTable[]): PersonalKind {
  return {
    label: '缴费', purpose: '收取费用、退款和对账', source: '你提交的缴费订单和微信支付的结果', term: '交易完成之日起三年',
    entries: orders.map(order => ({ title: order.title, at: order.opened_at, facts: [
      { label: '金额', value: `¥${yuan(order.amount)}` }, { label: '状态', value: statusText(textIn('zh'), order.status) }, { label: '订单编号', value: order.id },
      ...order.paid_at === null ? [] : [{ label: '付款时间', value: order.paid_at, at: true }],
    ] })),
  }
}
