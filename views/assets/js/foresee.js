import { swap } from './swap.js'

/**
 * Fills a fold of a form with data-url's part of the same id once it is opened, and again whenever the draft has been kept with something new.
 * The draft is what is looked at, so what was typed since is kept first.
 */
export function enhance(element) {
  const fold = element.closest('details')
  const form = element.closest('form')
  if (!fold || !form || fold.dataset.foresees) return
  fold.dataset.foresees = 'true'
  const current = () => fold.querySelector(`#${CSS.escape(element.id)}`)
  let asked
  const refresh = async () => {
    if (!fold.open) return
    asked?.abort()
    asked = new AbortController()
    const part = current()
    part.setAttribute('aria-busy', 'true')
    try {
      await swap(part, part.dataset.url, { signal: asked.signal })
    } catch {
      part.removeAttribute('aria-busy') // what stood there stays, the button with it
    }
  }
  fold.addEventListener('toggle', () => { if (fold.open) form.dispatchEvent(new CustomEvent('hall:save')) })
  form.addEventListener('hall:saved', refresh)
}
