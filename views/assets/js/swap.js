/** Fetches a page and puts its element of the same id in place of this one. Returns the new element, or null when the page has none. */
export async function swap(element, url, signal) {
  const answer = await fetch(url, { headers: { accept: 'text/html' }, credentials: 'same-origin', signal })
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`)
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.getElementById(element.id)
  // A session that ended answers with the sign-in page: nothing to swap, the caller stops.
  if (!fresh) return null
  const adopted = document.adoptNode(fresh)
  element.replaceWith(adopted)
  adopted.dispatchEvent(new CustomEvent('hall:swapped', { bubbles: true }))
  return adopted
}
