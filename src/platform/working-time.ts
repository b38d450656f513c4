import { SCHOOL_OFFSET } from './dates.ts'
import type { WorkCalendar } from './work-calendar.ts'

/** Hours of a working day as [from, to), HH:MM, in order and apart. */
export type WorkHours = readonly (readonly [from: string, to: string])[]

export type WorkingTime = {
  /** The first instant (epoch ms) by which so many minutes (0 or more) of working time have gone by: the end of an afternoon rather than the next morning. */
  add(from: number, minutes: number): number
  /** Minutes of working time from one instant to another; negative where `to` is the earlier one. */
  between(from: number, to: number): number
  /** Is the day (YYYY-MM-DD) worked? */
  isWorkday(day: string): boolean
  /** The end of work on the nth working day after that of `from`, which itself does not count (民法典 201); `from` itself for none. */
  addDays(from: number, days: number): number
  /** Are the holidays of the instant's year known? Where not, Monday to Friday are taken for working days. */
  knows(at: number): boolean
}

const MINUTE = 60_000
const DAY = 86_400_000
/** Longer than any term is promised; what asks for more has a fault. */
const MOST_DAYS = 40_000

/** Counts by a calendar and hours. Pure; throws where the hours are none. */
export function createWorkingTime({ calendar, hours }: { calendar: WorkCalendar; hours: WorkHours }): WorkingTime {
  const spans = spansOf(hours)
  const length = spans.reduce((sum, [from, to]) => sum + to - from, 0)
  const [, close] = spans.at(-1) ?? [0, 0]

  function isWorkday(day: string): boolean {
    const told = calendar.days.get(day)
    if (told !== undefined) return told
    const weekday = new Date(day).getUTCDay()
    return weekday !== 0 && weekday !== 6
  }

  /** Milliseconds of work on the day (counted from 1970-01-01) before `ms` of it. */
  function before(day: number, ms: number): number {
    return isWorkday(textOf(day)) ? spans.reduce((sum, [from, to]) => sum + Math.min(Math.max(ms - from, 0), to - from), 0) : 0
  }

  function between(from: number, to: number): number {
    if (to < from) return 0 - between(to, from) // never the -0 of a minus sign
    const [first, start] = placeOf(from)
    const [last, end] = placeOf(to)
    let sum = before(last, end) - before(first, start)
    for (let day = first; day < last; day++) sum += before(day, DAY)
    return sum / MINUTE
  }

  function add(from: number, minutes: number): number {
    if (!(minutes >= 0)) throw new RangeError('working time goes forward')
    const [first, start] = placeOf(from)
    let left = Math.round(minutes * MINUTE)
    if (left === 0) return from
    left += before(first, start)
    for (let day = first; day < first + MOST_DAYS; day++) {
      const worked = before(day, DAY)
      if (left <= worked) return instantOf(day, reach(left))
      left -= worked
    }
    throw new RangeError('working time has no end')
  }

  /** Where in a working day so many milliseconds of work are done. */
  function reach(ms: number): number {
    let left = ms
    for (const [from, to] of spans) {
      if (left <= to - from) return from + left
      left -= to - from
    }
    return close
  }

  function addDays(from: number, days: number): number {
    if (!(days >= 0)) throw new RangeError('working time goes forward')
    let [day] = placeOf(from)
    for (let left = days, most = day + MOST_DAYS; left > 0; ) {
      if (++day > most) throw new RangeError('working time has no end')
      if (isWorkday(textOf(day))) left--
    }
    return days === 0 ? from : instantOf(day, close)
  }

  if (length <= 0) throw new RangeError('a working day has hours')
  return { add, between, isWorkday, addDays, knows: at => calendar.years.has(new Date(at + SCHOOL_OFFSET).getUTCFullYear()) }
}

/** What is wrong with hours; null when they will do. */
export function faultOfHours(hours: WorkHours): string | null {
  const spans = hours.map(([from, to]) => [minutesOf(from), minutesOf(to)] as const)
  const inOrder = spans.every(([from, to], at) => from < to && from >= (spans[at - 1]?.[1] ?? 0) && to <= 24 * 60)
  return spans.length > 0 && inOrder ? null : 'must be spans in the order of the day, as 08:30-12:00,14:00-17:30'
}

function spansOf(hours: WorkHours): (readonly [number, number])[] {
  const fault = faultOfHours(hours)
  if (fault) throw new RangeError(`working hours ${fault}`)
  return hours.map(([from, to]) => [minutesOf(from) * MINUTE, minutesOf(to) * MINUTE] as const)
}

/** NaN for what is no time of day, which fails every comparison. */
function minutesOf(text: string): number {
  const [, hour, minute] = /^(\d{2}):([0-5]\d)$/.exec(text) ?? []
  return Number(hour) * 60 + Number(minute)
}

/** The school's day, counted from 1970-01-01, and the milliseconds of it that are over. */
function placeOf(at: number): [day: number, ms: number] {
  const local = at + SCHOOL_OFFSET
  const day = Math.floor(local / DAY)
  return [day, local - day * DAY]
}

function instantOf(day: number, ms: number): number {
  return day * DAY + ms - SCHOOL_OFFSET
}

function textOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}
