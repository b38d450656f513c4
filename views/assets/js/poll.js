import { swap } from './swap.js'

const first = 1500
const longest = 10_000

/** Refreshes an element with an id from data-poll-url (default: this page) while its data-poll says 'running'. */
export function enhance(element) {
  void follow(element, first)
}

async function follow(element, wait) {
  if (element.dataset.poll !== 'running') return
  await new Promise(resolve => { setTimeout(resolve, wait) })
  if (!element.isConnected) return
  // swap announces the new element, which is then bound and followed afresh; only a failure is retried here.
  try {
    if (document.visibilityState === 'visible') {
      await swap(element, element.dataset.pollUrl ?? location.href)
      return
    }
  } catch {
    // the network comes and goes in corridors: ask again, less often
  }
  void follow(element, Math.min(wait * 1.5, longest))
}
