/** Asks before a page with unsaved input is left. Silent once the form was sent or its draft kept. */
export function enhance(form) {
  let unsaved = false
  form.addEventListener('input', () => { unsaved = true })
  form.addEventListener('submit', () => { unsaved = false })
  form.addEventListener('hall:saved', () => { unsaved = false })
  addEventListener('beforeunload', event => {
    if (unsaved) event.preventDefault()
  })
}
