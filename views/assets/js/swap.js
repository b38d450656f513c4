/**
 * Fetches a page and puts its counterpart of this element (same id, or the selector) in its place.
 * Returns the new element, or null when the page has none: a session that ended, or a thing that is done.
 */
export async function swap(element, url, { signal, selector = `#${CSS.escape(element.id)}` } = {}) {
  const answer = await fetch(url, { headers: { accept: 'text/html' }, credentials: 'same-origin', signal })
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`)
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.querySelector(selector)
  if (!fresh) return null
  const adopted = document.adoptNode(fresh)
  element.replaceWith(adopted)
  adopted.dispatchEvent(new CustomEvent('hall:swapped', { bubbles: true }))
  return adopted
}
