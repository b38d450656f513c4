import { SCHOOL_OFFSET } from '../../../platform/dates.ts'

const DAY = 24 * 3_600_000

/** Days before a certificate's end at which its administrators are told, and that day itself. */
const AHEAD = [0, 1, 7, 30, 60] as const

/** Days of the school's calendar until an instant, both epoch ms; 0 on the day itself. */
export function daysLeft(end: number, now: number): number {
  const dayOf = (at: number) => Math.floor((at + SCHOOL_OFFSET) / DAY)
  return dayOf(end) - dayOf(now)
}

/** Which warning is due with so many days left; undefined where none is. What nobody was told on the day itself is told after it. */
export function thresholdOf(days: number): number | undefined {
  return AHEAD.find(each => days <= each)
}

/** So long before the end of the stamp that keeps a paper another is set. */
export const ARCHIVE_AHEAD = 60 * DAY

/** Milliseconds after which a seal that was lowered is tried first. */
export const FIRST_RAISE = 10 * 60_000
const LONGEST = DAY
const GIVEN_UP = 30 * DAY

/** Milliseconds until it is tried again, the more seldom the older it is; null where it stays as it is. */
export function raiseAgainIn(issued_at: number, now: number): number | null {
  const age = now - issued_at
  return age > GIVEN_UP ? null : Math.min(LONGEST, Math.max(FIRST_RAISE, age / 2))
}
