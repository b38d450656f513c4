const DAY = 86_400_000
/** So long before its end, holder and security administrators hear of it. */
export const NOTICE = 14 * DAY
export const LONGEST_REASON = 200

export type Period = { starts_at: number; /** null: until it is ended */ ends_at: number | null }
type Standing = Period & { ended_at: number | null }
export type State = 'coming' | 'current' | 'over'

/** What a grant is worth now: it is read with every request, so its end needs nobody to end it. */
export function stateOf({ starts_at, ends_at, ended_at }: Standing, now: number): State {
  if (ended_at !== null || (ends_at !== null && ends_at <= now)) return 'over'
  return starts_at > now ? 'coming' : 'current'
}

export function endsSoon(grant: Standing, now: number): boolean {
  return stateOf(grant, now) !== 'over' && grant.ends_at !== null && grant.ends_at - now <= NOTICE
}

/** A day as the form sends it, at its beginning in the school's time (China has one zone); null where it is none. */
function beginOf(day: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00+08:00`) : Number.NaN
  return Number.isNaN(at) ? null : at
}

export type PeriodFaults = { from?: string; until?: string }

/** From the first day's beginning (at once where it is today, past or left out) to the last day's end (for good where left out); else what is wrong, as phrases. */
export function readPeriod({ from = '', until = '' }: { from?: string; until?: string }, now: number): Period | { faults: PeriodFaults } {
  const [first, last] = [beginOf(from), beginOf(until)]
  const starts_at = Math.max(first ?? now, now)
  const ends_at = last === null ? null : last + DAY
  const faults: PeriodFaults = {
    ...(from !== '' && first === null && { from: '日期不对' }),
    ...(until !== '' && last === null && { until: '日期不对' }),
    ...(ends_at !== null && ends_at <= now && { until: '结束日期已经过去' }),
    ...(ends_at !== null && ends_at > now && ends_at <= starts_at && { until: '结束日期不能早于开始日期' }),
  }
  return Object.keys(faults).length > 0 ? { faults } : { starts_at, ends_at }
}
