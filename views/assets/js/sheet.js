/** A sheet closes on Escape, on 取消 and when something else takes the focus; its first choice gets the focus when it opens. */
export function enhance(sheet) {
  const summary = sheet.querySelector('summary')
  const close = sheet.querySelector('[data-sheet-close]')
  const shut = () => {
    sheet.open = false
    summary.focus()
  }
  sheet.addEventListener('toggle', () => {
    if (sheet.open) sheet.querySelector('.sheet-panel :is(a, button, input, select, textarea)')?.focus()
  })
  sheet.addEventListener('keydown', event => {
    if (event.key === 'Escape' && sheet.open) shut()
  })
  sheet.addEventListener('focusout', event => {
    if (event.relatedTarget && !sheet.contains(event.relatedTarget)) sheet.open = false
  })
  if (!close) return
  close.hidden = false
  close.addEventListener('click', shut)
}
