/** Makes an element. Text is always text: nothing from a message becomes markup. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (name in node && name !== 'list' && typeof value !== 'string') node[name] = value
    else node.setAttribute(name === 'className' ? 'class' : name, value === true ? '' : String(value))
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== ''))
  return node
}

export async function getJson(url) {
  const response = await fetch(url, { headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error(`${response.status}`)
  return response.json()
}

/** Posts JSON; a refusal comes back as {ok: false}. */
export async function postJson(url, body = {}) {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    return await response.json()
  } catch {
    return { ok: false }
  }
}

/** Calls back with the state at once and after every change; looks again by itself when the line was down. */
export function watch(changesUrl, stateUrl, show) {
  let busy = false
  let again = false
  async function look() {
    if (busy) {
      again = true
      return
    }
    busy = true
    try {
      show(await getJson(stateUrl))
    } catch { /* the next change brings the next look */ }
    busy = false
    if (again) {
      again = false
      void look()
    }
  }
  const source = new EventSource(changesUrl)
  source.addEventListener('message', () => void look())
  void look()
  return look
}

const zone = { timeZone: 'Asia/Shanghai' }
const clock = new Intl.DateTimeFormat('zh-CN', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat('zh-CN', { ...zone, month: 'long', day: 'numeric' })

/** 14:32 today, 11月21日 14:32 otherwise; in the school's time zone. */
export function when(at) {
  const today = day.format(at) === day.format(Date.now())
  return today ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`
}

export function sizeText(bytes) {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** A circle with the end of a name, in a hue of its own. */
export function avatar(name) {
  const hue = [...name].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 360, 7)
  const node = h('span', { className: 'avatar', 'aria-hidden': 'true' }, [...name].slice(-2).join(''))
  node.style.setProperty('--hue', String(hue))
  return node
}
