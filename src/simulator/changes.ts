export type Changes = {
  /** Something that a page shows is different now. */
  touch(): void
  version(): number
  /** Called soon after a change, several changes at once; returns the way to stop. */
  listen(heard: (version: number) => void): () => void
}

/** Tells open pages that they should look again. */
export function createChanges(): Changes {
  const listeners = new Set<(version: number) => void>()
  let version = 1
  let waiting = false
  function tell(): void {
    waiting = false
    for (const heard of listeners) heard(version)
  }
  return {
    touch() {
      version += 1
      if (waiting) return
      waiting = true
      setTimeout(tell, 30).unref()
    },
    version: () => version,
    listen(heard) {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
  }
}
