/**
 * Filters live in the address: a list leaves its own for this tab, and the way back to it leads there.
 * data-list: path of the list, on the list itself and on a link to it.
 */
export function enhance(element) {
  const { list } = element.dataset
  const key = `place:${list}`
  if (element.tagName === 'A') element.href = sessionStorage.getItem(key) ?? element.href
  // What is typed into the filters changes the address without a page of its own.
  else addEventListener('pagehide', () => sessionStorage.setItem(key, location.pathname + location.search))
}
