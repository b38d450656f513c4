import { SCHOOL_OFFSET } from '../../platform/dates.ts'

/** When somebody wants their messages: by minutes of the school's day. Quiet hours and the daily digest each as a whole or not at all. */
export type Preference = { quiet_from: number | null; quiet_until: number | null; digest_at: number | null }

const DAY = 86_400_000
const MINUTE = 60_000

export const AT_ONCE: Preference = { quiet_from: null, quiet_until: null, digest_at: null }

/** When what is told now goes out (epoch ms); null for at once. */
export function heldUntil({ quiet_from, quiet_until, digest_at }: Preference, now: number): number | null {
  if (digest_at !== null) return next(digest_at, now)
  return quiet_from !== null && quiet_until !== null && isQuiet(quiet_from, quiet_until, minuteOf(now)) ? next(quiet_until, now) : null
}

/** When each of these people is to be told what is told now; who is not among them, at once. */
export function heldBy(preferences: ReadonlyMap<string, Preference>, now: number): (person_id: string) => number | null {
  return person_id => heldUntil(preferences.get(person_id) ?? AT_ONCE, now)
}

/** 22:30 as minutes; null for what is no time. */
export function readMinute(text: string): number | null {
  const [, hours = '', minutes = ''] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  return hours === '' ? null : Number(hours) * 60 + Number(minutes)
}

export function minuteText(minute: number | null): string {
  return minute === null ? '' : [Math.floor(minute / 60), minute % 60].map(part => String(part).padStart(2, '0')).join(':')
}

/** From 22:00 until 07:00 goes over midnight. */
function isQuiet(from: number, until: number, minute: number): boolean {
  return from < until ? minute >= from && minute < until : minute >= from || minute < until
}

function minuteOf(now: number): number {
  return Math.floor((now + SCHOOL_OFFSET) % DAY / MINUTE)
}

/** The next time that the school's clock says so. */
function next(minute: number, now: number): number {
  const midnight = now - (now + SCHOOL_OFFSET) % DAY
  const today = midnight + minute * MINUTE
  return today > now ? today : today + DAY
}
