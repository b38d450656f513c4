const shownFor = 3000

/** Shows a short sentence that goes away by itself; read aloud through the page's status region. */
export function toast(text) {
  const place = document.querySelector('.toasts')
  if (!place) return
  const element = document.createElement('div')
  element.className = 'toast'
  element.textContent = text
  place.append(element)
  setTimeout(() => { element.dataset.leaving = '' }, shownFor)
  setTimeout(() => element.remove(), shownFor + 400)
}
