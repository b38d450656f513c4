import { h } from './dom.js'
import { listenForLongPress } from './phone-scan.js'

/** The in-app browser: the hall comes through this phone's own address, so its pages can be read for title and way back. */
export function createBrowser(root, { state, toast, sheet, pay }) {
  const title = root.querySelector('#web-title')
  const bar = root.querySelector('#web-bar')
  const holder = root.querySelector('#web-holder')
  let frame = null
  let trail = []

  /** The address on this phone for one of the hall or the platform; null for the rest of the world. */
  function inside(url) {
    const target = new URL(url, location.origin)
    const { hall = [], platform = [] } = state() ?? {}
    const official = target.hostname === 'open.weixin.qq.com' && target.pathname === '/connect/oauth2/authorize'
    const ours = official || [...hall, ...platform, location.origin].includes(target.origin)
    return ours ? location.origin + target.pathname + target.search + target.hash : null
  }

  function close() {
    root.hidden = true
    document.body.classList.remove('browsing')
    frame?.remove()
    frame = null
    trail = []
  }

  function loaded() {
    bar.classList.remove('busy')
    const page = frame?.contentDocument
    if (!page) return
    if (page.body?.dataset.phone === 'close') {
      close()
      return
    }
    const { href } = frame.contentWindow.location
    title.textContent = page.title || '网页'
    if (trail.at(-1) !== href && href !== 'about:blank') trail.push(href)
    // What the app puts into every page that it shows.
    frame.contentWindow.WeixinJSBridge = { invoke: (name, params, done) => (name === 'getBrandWCPayRequest' ? pay(params, done) : done({ err_msg: `system:function_not_exist` })) }
    page.dispatchEvent(new frame.contentWindow.Event('WeixinJSBridgeReady'))
    listenForLongPress(page, { sheet, toast, open })
    // A new window does not exist in the app: everything opens in this one, and foreign pages do not open in a frame.
    page.addEventListener('click', (event) => {
      const anchor = event.target.closest?.('a[href]')
      if (!anchor || event.defaultPrevented || anchor.hasAttribute('download')) return
      if (inside(anchor.href) === null && /^https?:/.test(anchor.href)) {
        event.preventDefault()
        open(anchor.href)
      } else if (anchor.target === '_blank') anchor.target = '_self'
    })
    frame.contentWindow.addEventListener('beforeunload', () => {
      bar.classList.add('busy')
      // A download begins like a new page but never arrives as one.
      setTimeout(() => bar.classList.remove('busy'), 5000)
    })
  }

  function open(url) {
    const address = inside(url)
    root.hidden = false
    document.body.classList.add('browsing')
    if (address === null) {
      title.textContent = '外部网页'
      frame?.remove()
      frame = null
      holder.replaceChildren(h('div', { className: 'foreign' }, h('p', {}, '这个网址不在办事大厅内：'), h('p', { className: 'address' }, url),
        h('a', { href: url, target: '_blank', rel: 'noreferrer' }, '在新窗口打开')))
      return
    }
    if (!frame) {
      frame = h('iframe', { title: '应用内浏览器', allow: 'clipboard-write' })
      frame.addEventListener('load', loaded)
      holder.replaceChildren(frame)
      trail = []
    }
    title.textContent = '正在打开'
    bar.classList.add('busy')
    frame.src = address
  }

  function back() {
    trail.pop()
    const before = trail.pop()
    if (before === undefined || !frame) close()
    else frame.contentWindow.location.replace(before)
  }

  root.querySelector('#web-close').addEventListener('click', close)
  root.querySelector('#web-back').addEventListener('click', back)
  root.querySelector('#web-refresh').addEventListener('click', () => {
    if (frame) frame.contentWindow.location.reload()
    else toast('没有可以刷新的网页')
  })
  return { open, close }
}
