import { SCHOOL_OFFSET } from './dates.ts'
import type { T } from './text.ts'

/** Days of the school (YYYY-MM-DD), both included. */
export type Period = { from: string; until: string }

export const DAY = 86_400_000

export function dayOf(at: number): string {
  return new Date(at + SCHOOL_OFFSET).toISOString().slice(0, 10)
}

/** The day so many days later. */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** A day as instants, `until` left out. */
export function spanOf(day: string): { from: number; until: number } {
  const from = Date.parse(`${day}T00:00:00Z`) - SCHOOL_OFFSET
  return { from, until: from + DAY }
}

export function thisMonth(today: string): Period {
  return { from: `${today.slice(0, 7)}-01`, until: today }
}

export function lastMonth(today: string): Period {
  const until = dayAfter(`${today.slice(0, 7)}-01`, -1)
  return { from: `${until.slice(0, 7)}-01`, until }
}

export function thisYear(today: string): Period {
  return { from: `${today.slice(0, 4)}-01-01`, until: today }
}

export function daysIn({ from, until }: Period): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY) + 1
}

/** A picture has room for so many parts. */
const MOST_PARTS = 31

/** The period in as many equal parts as a picture has room for: days, weeks, or more days at a time. */
export function partsOf(period: Period): Period[] {
  const days = daysIn(period)
  const size = days <= MOST_PARTS ? 1 : Math.ceil(days / MOST_PARTS / 7) * 7
  return Array.from({ length: Math.ceil(days / size) }, (_, at) => {
    const [from, last] = [dayAfter(period.from, at * size), dayAfter(period.from, at * size + size - 1)]
    return { from, until: last < period.until ? last : period.until }
  })
}

/** How a page of figures asks for its period, in the address. */
export const ASKED_PERIOD = ['period', 'from', 'until'] as const
export type AskedPeriod = Partial<Record<(typeof ASKED_PERIOD)[number], string>>
/** `from` and `until`: the range as it was typed, '' where none is asked for; `fault`: what is wrong with it, a phrase. */
export type PeriodReading = { choice: 'this-month' | 'last-month' | 'this-year' | 'range'; period: Period; from: string; until: string; fault: string | null }

/** A year and a day: the same day of two years can be compared. */
const LONGEST = 367

/** What the address asks for; a range begins as this month. */
export function readPeriod({ period, from = '', until = '' }: AskedPeriod, today: string): PeriodReading {
  const plain = { from: '', until: '', fault: null }
  if (period === 'last-month') return { ...plain, choice: period, period: lastMonth(today) }
  if (period === 'this-year') return { ...plain, choice: period, period: thisYear(today) }
  if (period !== 'range') return { ...plain, choice: 'this-month', period: thisMonth(today) }
  const range = from === '' && until === '' ? thisMonth(today) : { from, until }
  const fault = faultOf(range)
  return { ...range, fault, choice: 'range', period: fault ? thisMonth(today) : range }
}

function faultOf(period: Period): string | null {
  if (!isDay(period.from) || !isDay(period.until)) return '请选择开始和结束的日期'
  if (period.until < period.from) return '结束日期早于开始日期，请改正其中一个'
  return daysIn(period) > LONGEST ? '一次最多统计一年' : null
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
}

/** The period as fields of a form, the two days where a range is chosen. */
export function periodFields(t: T, { choice, from, until, fault }: PeriodReading) {
  return [
    { name: 'period', label: t('时间'), type: 'select', required: true, blank: undefined, value: choice, options: [{ value: 'this-month', text: t('本月') }, { value: 'last-month', text: t('上月') }, { value: 'this-year', text: t('今年') }, { value: 'range', text: t('自选时间') }] },
    ...choice === 'range' ? [{ name: 'from', label: t('开始日期'), type: 'date', value: from, error: fault && t(fault) }, { name: 'until', label: t('结束日期'), type: 'date', value: until }] : [],
  ]
}
