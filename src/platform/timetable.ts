/** When something is due by itself; times of day are the school's. */
export type Timetable = { minutes: number } | { dailyAt: string }

// China has one time zone and no summer time.
const OFFSET = 8 * 3600_000
const DAY = 86_400_000

/** The name of the slot that `now` (epoch ms) lies in: the same on every machine, so that one of them wins it. */
export function slotAt(timetable: Timetable, now: number): string {
  if ('minutes' in timetable) return String(Math.floor(now / (timetable.minutes * 60_000)))
  const [hours = 0, minutes = 0] = timetable.dailyAt.split(':').map(Number)
  return `d${Math.floor((now + OFFSET - (hours * 60 + minutes) * 60_000) / DAY)}`
}
