/** Takes the focus when the page opens: a form that came back begins at its summary of errors. */
export function enhance(element) {
  element.focus()
}
