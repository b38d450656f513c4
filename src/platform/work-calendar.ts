import { type Static, Type } from 'typebox'
import { ConfigError } from './environment.ts'
import { fits } from './schema.ts'

/** Which days are worked where Monday to Friday does not say it, and of which years that is known. Days are YYYY-MM-DD of the school's calendar. */
export type WorkCalendar = { readonly days: ReadonlyMap<string, boolean>; readonly years: ReadonlySet<number> }

const Days = Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}(/\\d{4}-\\d{2}-\\d{2})?$', description: 'a day, or the first and the last of several' }), { maxItems: 400 })

/** A file of days: those of the State Council's yearly notice, or a school's own. */
const CalendarFile = Type.Object({
  years: Type.Optional(Type.Array(Type.Integer({ minimum: 2000, maximum: 2100 }), { description: 'whose holidays are all in the file' })),
  source: Type.Optional(Type.String({ description: 'the notice they were taken from' })),
  off: Type.Optional(Days),
  work: Type.Optional(Days),
}, { additionalProperties: false })

/** Reads files in their order; a later one has the last word on a day. Throws ConfigError with the name of a file that is wrong. */
export function readCalendar(files: readonly { name: string; text: string }[]): WorkCalendar {
  const days = new Map<string, boolean>()
  const years = new Set<number>()
  for (const { name, text } of files) {
    const file = parse(name, text)
    for (const day of daysIn(name, file.off ?? [])) days.set(day, false)
    for (const day of daysIn(name, file.work ?? [])) days.set(day, true)
    for (const year of file.years ?? []) years.add(year)
  }
  return { days, years }
}

const FORM = '{ "years": [2027], "off": ["2027-01-01/2027-01-03"], "work": ["2027-01-04"] }'
const DAY = 86_400_000

function parse(name: string, text: string): Static<typeof CalendarFile> {
  const value = json(text)
  if (!fits<Static<typeof CalendarFile>>(CalendarFile, value)) throw new ConfigError([`${name} must be JSON like ${FORM}`])
  return value
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function daysIn(name: string, spans: readonly string[]): string[] {
  return spans.flatMap(span => {
    const [first = '', last = first] = span.split('/')
    const [from, to] = [Date.parse(first), Date.parse(last)]
    const areDays = isDay(first) && isDay(last)
    if (!areDays || from > to || to - from > 366 * DAY) throw new ConfigError([`${name}: ${span} is not a span of days`])
    return Array.from({ length: (to - from) / DAY + 1 }, (_, at) => new Date(from + at * DAY).toISOString().slice(0, 10))
  })
}

/** Not 2026-02-30, which a Date would take for 2 March. */
function isDay(text: string): boolean {
  const at = Date.parse(text)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
