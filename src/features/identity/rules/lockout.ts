const MINUTE = 60_000

/** failures in a row before the first lock */
export const FREE_FAILURES = 5
/** after a quiet day the count begins anew */
const FORGOTTEN_AFTER = 24 * 60 * MINUTE
// The first term is what assessment reports ask for (5 failures, 300 s); the last keeps a forgetful person's day usable.
const LOCKS = [5, 10, 20, 40, 60].map(minutes => minutes * MINUTE)

export type Attempts = { failures: number; last_at: number; locked_until: number }

/** The count after one more try that has not succeeded (yet): lock-out grows with every failure past the free ones. */
export function countAttempt(before: Attempts | null, now: number): Attempts {
  const failures = before && now - before.last_at < FORGOTTEN_AFTER ? before.failures + 1 : 1
  const lock = failures < FREE_FAILURES ? 0 : (LOCKS[Math.min(failures - FREE_FAILURES, LOCKS.length - 1)] ?? 0)
  return { failures, last_at: now, locked_until: lock === 0 ? 0 : now + lock }
}

export function isLocked(attempts: Attempts | null, now: number): boolean {
  return attempts !== null && attempts.locked_until > now
}

/** Minutes to wait, rounded up: what the person is told must be enough. */
export function minutesLeft(lockedUntil: number, now: number): number {
  return Math.max(1, Math.ceil((lockedUntil - now) / MINUTE))
}
