import type { T } from './text.ts'

/** Milliseconds by which the school's clock is ahead of UTC: China has one time zone and, since 1992, no summer time. */
export const SCHOOL_OFFSET = 8 * 3600_000

/** The school's calendar day and minute of an instant (epoch ms), as fixed-width text. */
export function schoolTime(at: number): { date: string; time: string } {
  const text = new Date(at + SCHOOL_OFFSET).toISOString()
  return { date: text.slice(0, 10), time: text.slice(11, 16) }
}

/** The instant (epoch ms) of a time (HH:MM) of the school's day (YYYY-MM-DD); null for what is no day or time. */
export function schoolInstant(date: string, time = '00:00'): number | null {
  const at = Date.parse(`${date}T${time}Z`) - SCHOOL_OFFSET
  return Number.isNaN(at) ? null : at
}

/** The hour of the school's day, 0 to 23. */
export function schoolHour(at: number): number {
  return new Date(at + SCHOOL_OFFSET).getUTCHours()
}

/** The parts of a day as a phrase takes them. The month has its name: 11/5 is November to one and May to another. */
export function dayParts(t: T, at: number): { year: string; month: string; day: number; time: string } {
  const there = new Date(at + SCHOOL_OFFSET)
  return { year: String(there.getUTCFullYear()), month: t(`${there.getUTCMonth() + 1}月`), day: there.getUTCDate(), time: schoolTime(at).time }
}

/** `when(ms)`: 今天 14:32, 11月21日 14:32, 2025年11月21日. `ago(ms)`: 3 分钟前. `exact(ms)`: 2026-11-21 14:32. */
export function dateWords(t: T, now: () => number) {
  const exact = (at: number) => Object.values(schoolTime(at)).join(' ')
  function when(at: number): string {
    const { date, time } = schoolTime(at)
    const today = schoolTime(now()).date
    if (date === today) return t('今天 {time}', { time })
    const parts = dayParts(t, at)
    return parts.year === today.slice(0, 4) ? t('{month}{day}日 {time}', parts) : t('{year}年{month}{day}日', parts)
  }
  function ago(at: number): string {
    const minutes = Math.floor((now() - at) / 60_000)
    // What is still to come, a limit or a start, is named; by a minute two clocks may differ.
    if (minutes < -1) return when(at)
    if (minutes < 1) return t('刚刚')
    if (minutes < 60) return t('{n} 分钟前', { n: minutes })
    if (minutes < 24 * 60) return t('{n} 小时前', { n: Math.floor(minutes / 60) })
    return minutes < 7 * 24 * 60 ? t('{n} 天前', { n: Math.floor(minutes / 1440) }) : when(at)
  }
  return { when, ago, exact }
}
