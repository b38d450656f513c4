/** A button that goes back, shown where there is something to go back to. */
export function enhance(button) {
  if (history.length < 2) return
  button.hidden = false
  button.addEventListener('click', () => history.back())
}
