export type Limiter = {
  /** Counts one and says whether it is within `max` of the last `windowMs`; what is refused does not count. */
  take(key: string, max: number, windowMs: number): boolean
  /** Whether one more would be refused. */
  full(key: string, max: number, windowMs: number): boolean
  clear(): void
}

/** Sliding windows over the simulator's own clock. */
export function createLimiter(now: () => number): Limiter {
  const times = new Map<string, number[]>()
  function recent(key: string, windowMs: number): number[] {
    const since = now() - windowMs
    const kept = (times.get(key) ?? []).filter((at) => at > since)
    times.set(key, kept)
    return kept
  }
  return {
    take(key, max, windowMs) {
      const kept = recent(key, windowMs)
      if (kept.length >= max) return false
      kept.push(now())
      return true
    },
    full: (key, max, windowMs) => recent(key, windowMs).length >= max,
    clear: () => times.clear(),
  }
}
