import { h, postJson, sizeText, when } from './dom.js'
import { createPayPanel } from './pay-panel.js'
import { createTroublePanel } from './trouble.js'

const $ = (id) => document.getElementById(id)

function empty(text) {
  return h('p', { className: 'empty' }, text)
}

function attachment(mail, part, index) {
  const address = `/simulator/mails/${mail.id}/attachments/${index}/${encodeURIComponent(part.filename)}`
  return h('li', {}, h('span', {}, `${part.filename}（${sizeText(part.size)}）`),
    h('a', { href: address, target: '_blank', rel: 'noopener' }, '打开'), h('a', { href: `${address}?download=1`, download: part.filename }, '下载'))
}

function mailNode(mail) {
  const body = mail.hasHtml
    ? h('iframe', { title: `邮件 ${mail.subject}`, src: `/simulator/mails/${mail.id}/html`, sandbox: 'allow-popups allow-popups-to-escape-sandbox', loading: 'lazy' })
    : h('pre', {}, mail.text)
  return h('details', { className: 'item' },
    h('summary', {}, h('b', {}, mail.subject || '（没有主题）'), h('span', {}, `给 ${mail.to.join('、')}`), h('time', {}, when(mail.at))),
    h('p', { className: 'meta' }, `发件人 ${mail.from}`), body,
    mail.attachments.length > 0 ? h('ul', { className: 'files' }, mail.attachments.map((part, index) => attachment(mail, part, index))) : null,
    h('p', { className: 'meta' }, h('a', { href: `/simulator/mails/${mail.id}/raw`, download: '' }, '下载原文')))
}

function smsNode(sms) {
  return h('div', { className: 'item sms' }, h('p', { className: 'meta' }, h('b', {}, sms.to), h('time', {}, when(sms.at))), h('p', {}, sms.text))
}

const eventWords = {
  template_card_event: '点卡片按钮', template_card_menu_event: '点卡片菜单', enter_agent: '进入应用', subscribe: '进入可见范围', unsubscribe: '离开可见范围',
  click: '点菜单', view: '点菜单打开网页', scancode_push: '扫码', scancode_waitmsg: '扫码', text: '发来文本', change_contact: '通讯录变更',
}
const stateWords = { waiting: ['正在送达', 'wait'], delivered: ['已送达', 'good'], failed: ['没有送达', 'bad'] }

function attemptText(attempt) {
  return `${when(attempt.at)} · ${attempt.status === null ? attempt.error : `HTTP ${attempt.status}`} · ${attempt.ms} 毫秒`
}

function callbackNode(delivery) {
  const [word, tone] = stateWords[delivery.state]
  const redeliver = h('button', { type: 'button', className: 'small', onclick: () => postJson(`/simulator/callbacks/${delivery.id}/redeliver`) }, '重新投递')
  return h('details', { className: 'item' },
    h('summary', {}, h('b', {}, eventWords[delivery.event] ?? delivery.event), h('span', {}, [delivery.userid, delivery.event, delivery.key].filter(Boolean).join(' · ')),
      h('span', { className: `state ${tone}` }, [word, ...delivery.trouble].join(' · ')), h('time', {}, when(delivery.at))),
    delivery.attempts.map((attempt, index) => h('p', { className: 'meta' }, `第 ${index + 1} 次：${attemptText(attempt)}`)),
    delivery.reply ? h('p', { className: 'meta' }, `被动回复：${delivery.reply}`) : null,
    h('pre', {}, delivery.xml), delivery.state === 'waiting' ? null : redeliver)
}

function callbackHead({ url, contactsUrl }) {
  const result = h('span', { className: 'meta' })
  const verify = h('button', { type: 'button', className: 'small', onclick: async () => {
    result.textContent = '正在验证'
    const answer = await postJson('/simulator/callbacks/verify')
    result.textContent = answer.ok ? '验证通过' : `验证没有通过：${answer.reason ?? ''}`
  } }, '验证回调地址')
  return h('div', { className: 'item' }, h('p', { className: 'meta' }, url ? `应用回调 ${url}` : '没有配置应用回调'),
    contactsUrl ? h('p', { className: 'meta' }, `通讯录回调 ${contactsUrl}`) : null, url ? h('p', {}, verify, ' ', result) : null)
}

/** Keeps the nodes of a list by id, so that what is folded open stays open. */
function createList(root, none, node) {
  const drawn = new Map()
  return (items, head = null) => {
    const kept = new Set()
    const nodes = items.map((item) => {
      kept.add(item.id)
      const text = JSON.stringify(item)
      const known = drawn.get(item.id)
      if (known?.text === text) return known.node
      const fresh = node(item)
      if (known?.node.open) fresh.open = true
      drawn.set(item.id, { text, node: fresh })
      return fresh
    })
    for (const id of drawn.keys()) if (!kept.has(id)) drawn.delete(id)
    const wanted = [head, ...(nodes.length > 0 ? nodes : [empty(none)])].filter(Boolean)
    const same = wanted.length === root.children.length && wanted.every((one, index) => one === root.children[index])
    // A frame that is moved loads anew: touch the list only when it differs.
    if (!same) root.replaceChildren(...wanted)
  }
}

/** Mails, SMS, callbacks and switches beside the phones. */
export function createPanels() {
  const mails = createList($('panel-mails'), '还没有邮件发出。', mailNode)
  const sms = createList($('panel-sms'), '还没有短信发出。', smsNode)
  const callbacks = createList($('panel-callbacks'), '还没有回调。', callbackNode)
  const trouble = createTroublePanel($('panel-trouble'))
  const pay = createPayPanel($('panel-pay'), createList)
  let head = { text: '', node: null }
  return {
    show(state) {
      mails(state.mails)
      sms(state.sms)
      const { url, contactsUrl, log } = state.callbacks
      if (head.text !== `${url} ${contactsUrl}`) head = { text: `${url} ${contactsUrl}`, node: callbackHead(state.callbacks) }
      callbacks(log, head.node)
      trouble(state)
      pay(state.pay)
      $('pay-count').textContent = state.pay?.orders.filter((order) => order.state === 'NOTPAY').length || ''
      const failed = log.filter((delivery) => delivery.state === 'failed').length
      $('mail-count').textContent = state.mails.length || ''
      $('sms-count').textContent = state.sms.length || ''
      $('callback-count').textContent = failed || ''
      $('callback-count').classList.toggle('bad', failed > 0)
    },
  }
}
