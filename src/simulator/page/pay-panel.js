import { h, postJson, when } from './dom.js'

const states = { NOTPAY: ['未支付', 'wait'], SUCCESS: ['已支付', 'good'], REFUND: ['转入退款', 'wait'], CLOSED: ['已关闭', ''], PROCESSING: ['退款中', 'wait'], ABNORMAL: ['退款异常', 'bad'] }
const refundStates = { ...states, SUCCESS: ['已到账', 'good'] }
const noticeStates = { waiting: ['等待送达', 'wait'], delivered: ['已送达', 'good'], failed: ['没有送达', 'bad'] }
const events = { 'TRANSACTION.SUCCESS': '支付成功通知', 'REFUND.SUCCESS': '退款成功通知', 'REFUND.ABNORMAL': '退款异常通知', 'REFUND.CLOSED': '退款关闭通知' }
const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`

function entry(title, about, [word, tone], at, ...lines) {
  return h('details', { className: 'item' }, h('summary', {}, h('b', {}, title), h('span', {}, about), h('span', { className: `state ${tone}` }, word), h('time', {}, when(at))), lines.map((line) => h('p', { className: 'meta' }, line)))
}

const nodes = {
  order: (one) => entry(one.description, `${yuan(one.total)} · ${one.trade_type === 'JSAPI' ? '企业微信内' : '扫码'}`, states[one.state], one.created_at, `商户订单号 ${one.out_trade_no}`, one.transaction_id ? `微信支付订单号 ${one.transaction_id}` : `到 ${when(one.expires_at)} 关闭`),
  refund: (one) => entry('退款', `${yuan(one.refund)} · ${one.reason}`, refundStates[one.state], one.created_at, `商户退款单号 ${one.out_refund_no}`, `商户订单号 ${one.out_trade_no}`),
  notice(one) {
    const [word, tone] = noticeStates[one.state]
    const again = h('button', { type: 'button', className: 'small', onclick: () => postJson(`/simulator/pay/notices/${one.id}/again`) }, '重新通知')
    return h('details', { className: 'item' }, h('summary', {}, h('b', {}, events[one.event] ?? one.event), h('span', {}, one.number), h('span', { className: `state ${tone}` }, [word, ...one.trouble].join(' · ')), h('time', {}, when(one.at))),
      one.tries.map((attempt, index) => h('p', { className: 'meta' }, `第 ${index + 1} 次：${when(attempt.at)} · ${attempt.status === null ? '没有回答' : `HTTP ${attempt.status}`}`)), h('pre', {}, one.content), again)
  },
}

/** What was ordered, paid and given back at WeChat Pay, and who was told. */
export function createPayPanel(root, createList) {
  const list = createList(root, '还没有订单。', (item) => nodes[item.kind](item))
  return (pay) => {
    if (!pay) return list([])
    const items = [...pay.orders.map((one) => ({ ...one, kind: 'order', id: one.out_trade_no, at: one.created_at })), ...pay.refunds.map((one) => ({ ...one, kind: 'refund', id: one.out_refund_no, at: one.created_at })), ...pay.notices.map((one) => ({ ...one, kind: 'notice' }))]
    list(items.toSorted((a, b) => b.at - a.at))
  }
}
