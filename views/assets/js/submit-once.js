/** A form that cannot be sent twice by an impatient thumb. Recovers when the person comes back to the page. */
export function enhance(form) {
  let sent = false
  form.addEventListener('submit', event => {
    if (sent) return event.preventDefault()
    if (event.defaultPrevented) return
    sent = true
    // After this tick: a disabled button would not send its own name and value.
    setTimeout(() => lock(form, event.submitter), 0)
  })
  addEventListener('pageshow', event => {
    if (!event.persisted) return
    sent = false
    unlock(form)
  })
}

const buttons = form => [...form.elements].filter(element => element instanceof HTMLButtonElement && element.type === 'submit')

function lock(form, pressed) {
  for (const button of buttons(form)) {
    if (button.disabled) continue
    button.disabled = true
    button.dataset.locked = ''
  }
  pressed?.setAttribute('aria-busy', 'true')
}

function unlock(form) {
  for (const button of buttons(form)) {
    if (button.dataset.locked === undefined) continue
    button.disabled = false
    delete button.dataset.locked
    button.removeAttribute('aria-busy')
  }
}
