import { swap } from './swap.js'

const first = 1500
const longest = 10_000

/**
 * Refreshes an element from data-poll-url (default: this page) until the fresh one says data-poll="done" or is gone.
 * When it is gone the page is loaded anew, so that everything around it shows the end as well.
 */
export function enhance(element) {
  void follow(element, first)
}

async function follow(element, wait) {
  if (element.dataset.poll && element.dataset.poll !== 'running') return
  await new Promise(resolve => { setTimeout(resolve, wait) })
  if (!element.isConnected) return
  if (document.visibilityState === 'visible' && await refreshed(element)) return
  void follow(element, Math.min(wait * 1.5, longest))
}

// A swapped element is bound anew and followed from there; only a failure is retried here.
async function refreshed(element) {
  const selector = element.id ? `#${CSS.escape(element.id)}` : '[data-enhance~="poll"]'
  try {
    if (!await swap(element, element.dataset.pollUrl ?? location.href, { selector })) location.reload()
    return true
  } catch {
    return false // the network comes and goes in corridors: ask again, less often
  }
}
