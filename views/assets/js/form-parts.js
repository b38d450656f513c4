// Buttons and file inputs inside a field send the whole form and put the field anew, so that nothing else on the page moves:
// a row more, a person found, a picture uploaded. Without this file the page comes back as a whole, and the same is done.
const form = document.getElementById('form')
let running = Promise.resolve()

form.addEventListener('click', event => {
  const button = event.target.closest('button[name="act"], button[name="remove"]')
  const part = button?.closest('.part')
  if (!part) return
  event.preventDefault()
  renew(part, button)
})
form.addEventListener('change', event => {
  if (event.target.type === 'file' && event.target.files.length > 0) renew(event.target.closest('.part'))
})
form.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.target.dataset.find || event.isComposing) return
  event.preventDefault()
  renew(event.target.closest('.part'), event.target.closest('.part').querySelector(`[value="${event.target.dataset.find}"]`))
})
// What the server counted from what was saved.
form.addEventListener('hall:saved', event => {
  for (const [name, text] of Object.entries(event.detail?.live ?? {})) {
    const place = form.querySelector(`[data-live="${name}"]`)
    if (!place) continue
    place.textContent = text || place.dataset.none || ''
    place.toggleAttribute('data-empty', !text)
  }
})

// One after the other, and after a save that is under way: each answer holds the form as it was sent last.
function renew(part, button) {
  const body = new FormData(form)
  if (button) body.set(button.name, button.value)
  else body.set('act', `${part.id.replace(/^part-/, '')}.put`)
  part.setAttribute('aria-busy', 'true')
  running = Promise.all([running, form.saving]).then(() => send(part, body)).catch(() => {
    part.removeAttribute('aria-busy')
    if (button) form.requestSubmit(button)
  })
}

async function send(part, body) {
  const answer = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin', headers: { accept: 'text/html' } })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.getElementById(part.id)
  if (!fresh) throw new Error(`no ${part.id} in the answer`)
  const before = part.querySelectorAll('.line').length
  part.replaceWith(document.adoptNode(fresh))
  fresh.dispatchEvent(new CustomEvent('hall:swapped', { bubbles: true }))
  form.dispatchEvent(new CustomEvent('hall:saved', { bubbles: true }))
  const lines = fresh.querySelectorAll('.line')
  const next = lines.length > before ? lines[lines.length - 1].querySelector('.input') : fresh.querySelector('.choices input, .field-error, button[name="act"], .input, input')
  next?.focus()
}
