/** Epoch milliseconds from one place, so that a test can hold the time still. */
export type Clock = { now(): number }

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that moves only when told to. */
export function testClock(start = Date.UTC(2026, 10, 16, 2, 0)): Clock & { advance(ms: number): void; set(at: number): void } {
  let at = start
  return {
    now: () => at,
    advance(ms) { at += ms },
    set(to) { at = to },
  }
}
