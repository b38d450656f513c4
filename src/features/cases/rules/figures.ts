import type { FiguresTable } from '../tables.ts'

/** Of one day: what came of it, with how long it took. */
export type Happened = Omit<FiguresTable, 'day' | 'minutes' | 'number' | 'late'> & { ms?: number; late?: boolean; number?: number }

/** Minutes as figures keep them: to the minute within two hours, to a quarter within a day, to the hour within two weeks, to the day beyond. */
export function roundedMinutes(ms: number): number {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  const unit = minutes <= 120 ? 1 : minutes <= 1440 ? 15 : minutes <= 14 * 1440 ? 60 : 1440
  return Math.round(minutes / unit) * unit
}

/** What happened as rows of a day: those alike are counted. */
export function rowsOf(day: string, happened: readonly Happened[]): FiguresTable[] {
  const rows = new Map<string, FiguresTable>()
  for (const { service_key, figure, about, label, ms, late = false, number = 1 } of happened) {
    const minutes = ms === undefined ? 0 : roundedMinutes(ms)
    const key = [service_key, figure, about, minutes].join('\n')
    const row = rows.get(key) ?? { day, service_key, figure, about, minutes, label, number: 0, late: 0 }
    rows.set(key, { ...row, label, number: row.number + number, late: row.late + (late ? number : 0) })
  }
  return [...rows.values()]
}

type Times = readonly Pick<FiguresTable, 'minutes' | 'number'>[]

export function count(rows: readonly Pick<FiguresTable, 'number'>[]): number {
  return rows.reduce((sum, row) => sum + row.number, 0)
}

/** Minutes within which this share of them was done, by nearest rank; null where there are none. */
export function percentile(rows: Times, share: number): number | null {
  const rank = Math.ceil(count(rows) * share)
  let seen = 0
  for (const { minutes, number } of rows.toSorted((a, b) => a.minutes - b.minutes)) {
    seen += number
    if (seen >= rank) return minutes
  }
  return null
}
