import { h, postJson, when } from './dom.js'

const groups = [
  ['接口', [
    ['expireToken', '令牌过期（42001）', '下一次调用前，所有 access_token 都算过期'],
    ['revokeToken', '令牌失效（40014）', '下一次调用前，所有 access_token 都被收回'],
    ['rateLimit', '频率超限（45009）', '每次调用都被拒绝'],
    ['concurrent', '并发超限（45033）', '每次调用都被拒绝'],
    ['busy', '系统繁忙（-1）', '每次调用都被拒绝'],
    ['untrustedIp', 'IP 不可信（60020）', '每次调用都被拒绝'],
    ['dropAnswer', '收下但不回答', '调用已生效，连接在回答前断开'],
  ]],
  ['回调', [
    ['doubleCallback', '重复投递', '每个回调发两遍'],
    ['outOfOrder', '乱序', '先发生的后到'],
    ['wrongSignature', '签名错误', ''],
    ['wrongReceiver', '接收方错误', 'receiveid 是别的企业'],
    ['loseCallback', '丢失', '不投递，也不重试'],
    ['retryNon200', '非 200 也重试', '关闭后只在超时和断线时重试'],
    ['ignorePassiveReply', '忽略按钮事件的被动回复', '平台文档互相矛盾，默认忽略'],
  ]],
  ['邮件和短信', [
    ['mailRefused', '邮箱拒收（550）', ''],
    ['mailBusy', '邮件稍后再试（451）', ''],
    ['mailClosed', '邮件服务器不接受连接（554）', ''],
    ['mailUnanswered', '邮件收下但不回答', '发件方无法知道结果'],
    ['smsLimit', '短信频率超限', ''],
    ['smsFail', '短信被运营商拒绝', ''],
  ]],
  ['微信支付', [
    ['payBusy', '频率超限（429）', '每次调用都被拒绝'],
    ['payError', '系统错误（500）', '没有执行'],
    ['payErrorAfter', '执行了却回答 500', ''],
    ['payNoCallback', '通知丢失', '不发，也不重试'],
    ['payLateCallback', '通知晚一分钟', ''],
    ['payTwice', '通知重复', ''],
    ['payWrongSignature', '签名错误', '应答和通知'],
    ['payProbe', '签名探测', 'WECHATPAY/SIGNTEST/'],
    ['payStale', '签名时间过期', ''],
    ['payWrongSerial', '证书序列号不对', ''],
    ['payOtherKey', '换用平台证书签名', ''],
    ['payWrongKey', '通知用别的密钥加密', ''],
    ['payNotEnough', '退款余额不足', ''],
    ['payPayerAbnormal', '付款人账户异常', ''],
    ['payRefundAbnormal', '退款异常', '受理以后没有到账'],
    ['payRefundClosed', '退款关闭', ''],
    ['payBrokenBill', '账单摘要不对', ''],
  ]],
]
const numbers = [['latencyMs', '接口延迟（毫秒）'], ['callbackTimeoutMs', '回调超时（毫秒）'], ['retryDelayMs', '重试间隔（毫秒）']]

function toggleRow(name, label, hint) {
  const box = h('input', { type: 'checkbox', role: 'switch', onchange: () => postJson('/simulator/trouble', { name, value: box.checked }) })
  const left = h('span', { className: 'left' })
  return { name, box, left, node: h('label', { className: 'toggle' }, h('span', {}, label, left, hint ? h('small', {}, hint) : null), box) }
}

function numberRow(name, label) {
  const field = h('input', { type: 'number', min: '0', max: '60000', step: '100', onchange: () => postJson('/simulator/trouble', { name, value: Number(field.value) }) })
  return { name, field, node: h('label', { className: 'toggle' }, h('span', {}, label), field) }
}

function callLine(call) {
  return h('li', {}, h('time', {}, when(call.at)), h('code', {}, call.path), h('span', { className: call.errcode === 0 ? 'good' : 'bad' }, call.errcode === 0 ? 'ok' : String(call.errcode)))
}

function textRow(name, label, hint) {
  const field = h('input', { type: 'text', autocomplete: 'off', placeholder: 'message/send', onchange: () => postJson('/simulator/trouble', { name, value: field.value.trim() }) })
  return { name, field, node: h('label', { className: 'toggle' }, h('span', {}, label, h('small', {}, hint)), field) }
}

/** The switches, and below them what the hall asked of the API. */
export function createTroublePanel(root) {
  const toggles = groups.map(([title, rows]) => [title, rows.map((row) => toggleRow(...row))])
  const only = textRow('onlyApi', '只对这个接口', '空着就是全部接口')
  const fields = [...numbers.map((row) => numberRow(...row)), only]
  const calls = h('ul', { className: 'calls' })
  const dropped = h('p', { className: 'meta' })
  root.append(...toggles.map(([title, rows]) => h('fieldset', {}, h('legend', {}, title), rows.map((row) => row.node))),
    h('fieldset', {}, h('legend', {}, '时间和范围'), fields.map((row) => row.node)), h('h2', {}, '最近的接口调用'), dropped, calls)
  return (state) => {
    for (const row of toggles.flatMap(([, rows]) => rows)) {
      const value = state.trouble[row.name]
      row.box.checked = value === true || value > 0
      row.left.textContent = typeof value === 'number' && value > 0 ? `（还有 ${value} 次）` : ''
    }
    for (const row of fields) if (document.activeElement !== row.field) row.field.value = String(state.trouble[row.name])
    dropped.textContent = state.dropped.length > 0 ? `有 ${state.dropped.length} 条消息因超过每人每分钟 30 条被静默丢弃` : ''
    calls.replaceChildren(...state.calls.slice(0, 30).map(callLine))
  }
}
