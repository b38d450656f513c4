import { Type } from 'typebox'

const DAY = 86_400_000

/** As the first day of a field: the day on which it is filled in. */
export const TODAY = Type.Literal('today')

/** The first day that may be said; undefined where any may, also where nobody says which day it is, as for a sample. */
export function earliest(from: string | undefined, today: string | undefined): string | undefined {
  return from === 'today' ? today : from
}

/** Is this a day of the calendar, written as 2026-11-21? */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  // Date rolls 02-30 over into March instead of refusing it.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** Days from one to the other: 0 on the same day. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY
}

/** The day so many days later. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** 9:05 and 09：05 as 09:05; null for what is no time of a day. */
export function readTime(text: string): string | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text.normalize('NFKC').replaceAll(' ', ''))
  const [hour, minute] = [Number(found?.[1]), Number(found?.[2])]
  return found && hour < 24 && minute < 60 ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` : null
}
