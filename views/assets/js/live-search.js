import { swap } from './swap.js'

const pause = 250

/** A GET form whose answer is fetched while one types: swaps the element data-target and keeps the address in step. */
export function enhance(form) {
  form.dataset.ready = ''
  const send = form.querySelector('[data-filter-send]')
  if (send) send.hidden = true
  let timer
  let request
  const run = () => {
    clearTimeout(timer)
    request?.abort()
    request = new AbortController()
    void refresh(form, request.signal)
  }
  // Composition: while pinyin becomes characters the field holds neither; wait for the end of it.
  form.addEventListener('input', event => {
    clearTimeout(timer)
    if (!event.isComposing) timer = setTimeout(run, pause)
  })
  form.addEventListener('compositionend', () => { timer = setTimeout(run, pause) })
  form.addEventListener('submit', event => {
    if (!form.dataset.target) return
    event.preventDefault()
    run()
  })
  // What was typed before this file had come.
  if (form.dataset.target && [...form.querySelectorAll('input[type=search]')].some(field => field.value !== field.defaultValue)) run()
  const box = form.querySelector('[data-shortcut="/"]')
  if (box) document.addEventListener('keydown', event => {
    if (event.key !== '/' || event.target.closest('input, textarea, select, [contenteditable]')) return
    event.preventDefault()
    box.focus()
  })
}

async function refresh(form, signal) {
  const target = form.dataset.target && document.getElementById(form.dataset.target)
  if (!target) return form.requestSubmit()
  const url = new URL(form.action)
  url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== '')).toString()
  target.setAttribute('aria-busy', 'true')
  try {
    if (await swap(target, url, { signal })) history.replaceState(null, '', url)
    else location.assign(url)
  } catch (error) {
    if (error.name !== 'AbortError') location.assign(url)
  }
}
