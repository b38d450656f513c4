/** A sheet closes on Escape and when something else takes the focus; its first choice gets the focus when it opens. */
export function enhance(sheet) {
  const summary = sheet.querySelector('summary')
  sheet.addEventListener('toggle', () => {
    if (sheet.open) sheet.querySelector('.sheet-panel :is(a, button, input, select, textarea)')?.focus()
  })
  sheet.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !sheet.open) return
    sheet.open = false
    summary.focus()
  })
  sheet.addEventListener('focusout', event => {
    if (event.relatedTarget && !sheet.contains(event.relatedTarget)) sheet.open = false
  })
}
