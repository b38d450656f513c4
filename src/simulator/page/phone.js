import { avatar, h, postJson, watch, when } from './dom.js'
import { createBrowser } from './phone-browser.js'
import { createMenuBar } from './phone-menu.js'
import { createConversation, preview } from './phone-messages.js'
import { createPaySheet } from './phone-pay.js'
import { createScanner } from './phone-scan.js'

const $ = (id) => document.getElementById(id)
let state = null
let talking = false
let toastEnds = 0

function toast(text) {
  $('toast').textContent = text
  $('toast').hidden = false
  clearTimeout(toastEnds)
  toastEnds = setTimeout(() => ($('toast').hidden = true), 2500)
}

function sheet(title, entries) {
  const close = () => ($('sheet').hidden = true)
  $('sheet-title').textContent = title
  $('sheet-entries').replaceChildren(...entries.map(({ text, run }) => h('button', { type: 'button', onclick: () => {
    close()
    run()
  } }, text)))
  $('sheet').hidden = false
}

const paySheet = createPaySheet($('pay'), { toast })
const browser = createBrowser($('web'), { state: () => state, toast, sheet, pay: paySheet.call })
const scan = createScanner($('scan'), { codes: () => state?.codes ?? [], open: (url) => (url.startsWith('weixin:') ? paySheet.scan(url) : browser.open(url)) })

async function click(taskId, key, selected) {
  toast('已提交')
  const answer = await postJson('/__phone/click', { task_id: taskId, key, selected })
  if (answer.delivered === false) toast('操作没有成功：应用没有响应')
  else if (answer.ok === false) toast('这张卡片已经更新，请看最新内容')
}

const act = {
  open: browser.open, toast, sheet, click,
  file: (id, name) => browser.open(`/__phone/media/${encodeURIComponent(id)}/${encodeURIComponent(name)}`),
}
const showMessages = createConversation($('messages'), act)

async function tap(item) {
  const result = item.type?.startsWith('scancode') ? window.prompt('扫到的内容') : null
  if (item.type?.startsWith('scancode') && result === null) return
  if (item.type === 'view') browser.open(item.url)
  if (item.type?.startsWith('pic_') || item.type === 'location_select' || item.type === 'view_miniprogram') toast('模拟器没有这个功能')
  await postJson('/__phone/menu', { type: item.type, ...(item.key ? { key: item.key } : {}), ...(item.url ? { url: item.url } : {}), ...(result ? { result } : {}) })
}
const showMenu = createMenuBar($('menu'), { tap, sheet })

function show(name) {
  for (const id of ['home', 'talk', 'joining', 'wechat']) $(id).hidden = id !== name
  talking = name === 'talk'
}

async function openTalk() {
  show('talk')
  $('messages').scrollTop = $('messages').scrollHeight
  await postJson('/__phone/open')
}

function showTab(name) {
  for (const tab of document.querySelectorAll('.tab')) tab.hidden = tab.id !== `tab-${name}`
  for (const button of document.querySelectorAll('[data-tab]')) {
    if (button.dataset.tab === name) button.setAttribute('aria-current', 'page')
    else button.removeAttribute('aria-current')
  }
  $('home-title').textContent = { messages: '消息', workbench: '工作台', me: '我' }[name]
}

function showMe({ userid, name, label, position, department, visible }) {
  $('me-avatar').replaceChildren(avatar(name))
  $('me-name').textContent = name
  $('me-about').textContent = [label, position].filter(Boolean).join(' · ')
  const facts = [['账号', userid], ['部门', department], ['可见范围', visible ? '能看到这个应用' : '看不到这个应用']]
  $('me-facts').replaceChildren(...facts.map(([term, text]) => h('div', {}, h('dt', {}, term), h('dd', {}, text))))
}

function showHome({ app, messages, person }) {
  const last = messages.at(-1)
  const unread = messages.filter((message) => !message.read).length
  for (const id of ['app-name', 'tile-name', 'talk-title']) $(id).textContent = app.name
  $('app-preview').textContent = preview(last)
  $('app-time').textContent = last ? when(last.at) : ''
  $('app-unread').textContent = unread > 99 ? '99+' : String(unread)
  $('app-unread').hidden = unread === 0 || talking
  $('open-talk').hidden = !person.visible
  $('open-home').hidden = !person.visible
}

/** A frame without width is a phone in the pocket: its owner has not read anything. */
function markSeen(messages) {
  const onScreen = talking && $('web').hidden && window.innerWidth > 0
  if (onScreen && messages.some((message) => !message.read)) void postJson('/__phone/seen')
}

function announce(before, after) {
  const news = after.slice(before.length).findLast((message) => message.from === 'app')
  if (news && !$('web').hidden) toast(`${state.app.name}：${preview(news).slice(0, 40)}`)
}

function showState(next) {
  const before = state?.messages ?? next.messages
  state = next
  announce(before, state.messages)
  const { status, name } = state.person
  document.title = `${name}的手机`
  // Several phones stand on one page: each says whose it is.
  for (const screen of document.querySelectorAll('main')) screen.setAttribute('aria-label', document.title)
  const out = status === 4 ? '这位成员已录入通讯录，还没有加入企业。' : status === 5 ? '这位成员已离开企业。' : status === 2 ? '这个账号已被禁用。' : ''
  $('joining-text').textContent = out
  $('join').hidden = status !== 4
  if (status === 0) show('wechat')
  else if (out !== '') show('joining')
  else if (!$('joining').hidden || !$('wechat').hidden) show('home')
  $('newcomer').hidden = !state.changesHands
  showHome(state)
  showMe(state.person)
  showMenu(state.menu)
  showMessages(state.messages)
  markSeen(state.messages)
}
window.addEventListener('resize', () => state && markSeen(state.messages))

$('open-talk').addEventListener('click', openTalk)
$('talk-back').addEventListener('click', () => show('home'))
$('open-home').addEventListener('click', () => (state.app.home_url ? browser.open(state.app.home_url) : openTalk()))
$('join').addEventListener('click', () => postJson('/__phone/join'))
$('forget').addEventListener('click', async () => {
  browser.close()
  await postJson('/__phone/forget')
  toast('已清除')
})
$('newcomer').addEventListener('click', () => postJson('/__phone/newcomer'))
for (const button of document.querySelectorAll('.scan')) button.addEventListener('click', scan)
$('sheet-cancel').addEventListener('click', () => ($('sheet').hidden = true))
$('toggle').addEventListener('click', () => {
  const typing = $('say').hidden
  $('say').hidden = !typing
  $('menu').hidden = typing
  $('toggle').textContent = typing ? '菜单' : '键盘'
})
$('say').addEventListener('submit', async (event) => {
  event.preventDefault()
  const field = event.target.elements.text
  const text = field.value
  field.value = ''
  if (text.trim() !== '') await postJson('/__phone/say', { text })
})
for (const button of document.querySelectorAll('[data-tab]')) button.addEventListener('click', () => showTab(button.dataset.tab))
watch('/__phone/changes', '/__phone/state', showState)
