import type { Limits } from './types.ts'

/** The platform's own (§1.3, §3.2, §3.3). */
export const usualLimits: Limits = {
  accounts: Number.POSITIVE_INFINITY, membersPerDepartment: 30_000, departments: 30_000,
  callsPerMinute: 10_000, callsPerHour: 150_000, callsPerMinuteOfAddress: 20_000, callsPerHourOfAddress: 600_000,
  atOnce: Number.POSITIVE_INFINITY, deletionsPerHour: Number.POSITIVE_INFINITY,
}

export type Limiter = {
  /** Counts one and says whether it is within `max` of the last `windowMs`; what is refused does not count. */
  take(key: string, max: number, windowMs: number): boolean
  /** Whether one more would be refused. */
  full(key: string, max: number, windowMs: number): boolean
  /** As `take`; what goes beyond the limit closes the key for `blockMs` (§1.3: a minute's limit for 60 s, an hour's for 60 min). */
  pass(key: string, max: number, windowMs: number, blockMs: number): boolean
  /** Closes a key. */
  block(key: string, ms: number): void
  blocked(key: string): boolean
  clear(): void
}

/** Times in order; what is older than the window is forgotten from the front, so that a call costs the same however many there were. */
type Line = { times: number[]; from: number }

/** Sliding windows over the simulator's own clock. */
export function createLimiter(now: () => number): Limiter {
  const lines = new Map<string, Line>()
  const closed = new Map<string, number>()

  function recent(key: string, windowMs: number): Line {
    const line = lines.get(key) ?? { times: [], from: 0 }
    lines.set(key, line)
    const since = now() - windowMs
    while (line.from < line.times.length && (line.times[line.from] ?? 0) <= since) line.from += 1
    if (line.from > 1000 && line.from * 2 > line.times.length) Object.assign(line, { times: line.times.slice(line.from), from: 0 })
    return line
  }

  function full(key: string, max: number, windowMs: number): boolean {
    const { times, from } = recent(key, windowMs)
    return times.length - from >= max
  }

  function take(key: string, max: number, windowMs: number): boolean {
    if (full(key, max, windowMs)) return false
    recent(key, windowMs).times.push(now())
    return true
  }

  const blocked = (key: string): boolean => (closed.get(key) ?? 0) > now()
  const block = (key: string, ms: number): void => void closed.set(key, now() + ms)

  return {
    take, full, block, blocked,
    pass(key, max, windowMs, blockMs) {
      if (blocked(key)) return false
      const taken = take(key, max, windowMs)
      if (!taken) block(key, blockMs)
      return taken
    },
    clear() {
      lines.clear()
      closed.clear()
    },
  }
}
