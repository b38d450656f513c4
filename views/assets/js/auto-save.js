const pause = 1500

/** Sends the form as a draft to data-url some moments after the last change and says when it was kept. Files are not part of a draft. */
export function enhance(form) {
  const state = form.querySelector('[data-draft-state]')
  let timer
  let running = Promise.resolve()
  let sent = false

  // One after the other, so that an older state never overwrites a newer one.
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      running = running.then(() => save(form, state))
      // Who sends the form in another way waits for it.
      form.saving = running
    }, pause)
  }
  const now = () => {
    if (timer === undefined || sent || document.visibilityState !== 'hidden') return
    clearTimeout(timer)
    timer = undefined
    void save(form, state, true)
  }
  // Another part of the page wants to look at the draft: what is typed is kept first, then it is told.
  form.addEventListener('hall:save', () => {
    clearTimeout(timer)
    timer = undefined
    running = running.then(() => save(form, state))
  })
  form.addEventListener('input', later)
  form.addEventListener('change', later)
  form.addEventListener('submit', () => {
    sent = true
    clearTimeout(timer)
  })
  // The person leaves WeCom in the middle of a sentence.
  document.addEventListener('visibilitychange', now)
}

async function save(form, state, leaving = false) {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
  try {
    const answer = await fetch(form.dataset.url, { method: 'POST', body, credentials: 'same-origin', redirect: 'error', keepalive: leaving })
    if (!answer.ok) throw new Error(String(answer.status))
    form.dispatchEvent(new CustomEvent('hall:saved', { bubbles: true, detail: await answer.json() }))
    tell(state, 'saved')
  } catch {
    tell(state, 'failed')
  }
}

function tell(state, outcome) {
  if (!state) return
  const time = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' })
  state.dataset.state = outcome
  state.textContent = state.dataset[outcome].replace('{time}', time)
}
