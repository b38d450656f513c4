/** A button that prints the page: shown where there is script to do it. */
export function enhance(button) {
  button.hidden = false
  button.addEventListener('click', () => print())
}
