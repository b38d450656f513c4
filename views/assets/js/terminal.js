const KEPT = 'hall-terminal'
const EVERY = 2000

/**
 * The screen of a terminal: asks the hall what to show, every two seconds. Its token rests in this browser and goes in a header; there
 * is no session. A minute without a touch leads back to the start, and what was handed over goes back to its owner.
 */
export function enhance(screen) {
  const panels = [...screen.querySelectorAll('[data-panel]')]
  const paper = screen.querySelector('.terminal-paper')
  const form = screen.querySelector('form')
  let [shown, print, touched] = ['', '', Date.now()]

  async function ask(path, method = 'GET') {
    const token = localStorage.getItem(KEPT)
    if (token === null) return void show('pairing')
    let answer
    try {
      answer = await fetch(`/terminal/${path}`, { method, headers: { authorization: `Bearer ${token}`, accept: 'application/json' }, cache: 'no-store' })
    } catch {
      return void show('away')
    }
    if (answer.ok) return answer
    const detail = answer.headers.get('content-type')?.includes('json') ? (await answer.json()).detail : ''
    if (answer.status === 403) {
      localStorage.removeItem(KEPT)
      show('pairing')
      fill('fault', detail)
    } else if (answer.status >= 500) show('away')
    else fill('said', detail)
  }

  async function renew(path = 'state', method = 'GET') {
    const answer = await ask(path, method)
    if (!answer) return undefined
    const state = await answer.json()
    // What came while nobody was here is as fresh as a touch.
    if (state.print && state.print !== print) touched = Date.now()
    print = state.print ?? ''
    for (const name of ['name', 'place', 'title', 'code']) if (state[name] !== undefined) fill(name, name === 'code' ? state.code.replace(/(...)/, '$1 ') : state[name])
    if (state.qr) screen.querySelector('[data-slot="qr"]').src = state.qr
    show(state.state)
    return state
  }

  function show(name) {
    if (name === shown) return
    shown = name
    fill('said', '')
    for (const panel of panels) panel.hidden = panel.dataset.panel !== name
    if (name !== 'printed') paper.removeAttribute('src')
    panels.find(panel => !panel.hidden)?.querySelector('button, input')?.focus({ preventScroll: true })
  }

  function fill(name, words) {
    for (const slot of screen.querySelectorAll(`[data-slot="${name}"]`)) {
      slot.textContent = words
      if (name === 'fault') slot.hidden = words === ''
    }
  }

  const acts = {
    async print() {
      if ((await renew('printing', 'POST'))?.state !== 'printed') return
      const file = await ask('file')
      if (!file) return fill('said', screen.dataset.failed)
      const address = URL.createObjectURL(await file.blob())
      paper.addEventListener('load', () => { paper.contentWindow.print(); setTimeout(() => URL.revokeObjectURL(address), 60_000) }, { once: true })
      paper.src = address
      paper.hidden = false
    },
    cancel: () => renew('cancellation', 'POST'),
    done: () => renew('return', 'POST'),
    language() {
      document.cookie = `language=${document.documentElement.lang === 'en' ? 'zh' : 'en'}; path=/terminal; samesite=strict`
      location.reload()
    },
  }

  async function home() {
    const strange = document.documentElement.lang === 'en'
    if (shown === 'handed' || shown === 'printed') await renew('return', 'POST')
    if (strange) acts.language()
  }

  screen.addEventListener('click', event => acts[event.target.closest('[data-act]')?.dataset.act]?.())
  for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, () => { touched = Date.now() })
  form.addEventListener('submit', event => {
    event.preventDefault()
    fill('fault', '')
    localStorage.setItem(KEPT, form.elements.token.value)
    form.reset()
    void renew()
  })

  async function watch() {
    if (shown !== 'pairing' || localStorage.getItem(KEPT) !== null) await renew()
    if (Date.now() - touched > Number(screen.dataset.idle) * 1000) {
      touched = Date.now()
      await home()
    }
    setTimeout(watch, EVERY)
  }
  void watch()
}
