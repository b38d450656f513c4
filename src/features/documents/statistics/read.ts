import type { Db } from '../../../platform/db.ts'
import { dayAfter, dayOf } from '../../../platform/periods.ts'
import { firstToMeasure, measureDay, type MeasureDeps } from './measure.ts'
import { courseIn, figuresIn, type Wanted } from './store.ts'
import type { FiguresTable } from './tables.ts'

/** What happened in a month (YYYY-MM), as far as it is in the period. */
export type Figure = Omit<FiguresTable, 'day'> & { month: string }
export type Figures = {
  rows: Figure[]
  /** issued and verified, day by day */
  course: Pick<FiguresTable, 'day' | 'figure' | 'number'>[]
  /** the first day of the period that nobody has counted yet; null where all are */
  behind: string | null
}

/** The figures of a period: days that are over as they were written at night, yesterday and today as they stand. */
export async function readFigures(deps: Omit<MeasureDeps, 'database'>, db: Db, wanted: Wanted): Promise<Figures> {
  const { from, until, kind, unit_ids } = wanted
  const today = dayOf(deps.clock.now())
  const yesterday = dayAfter(today, -1)
  const open = await firstToMeasure(db)
  const [rows, course] = [await figuresIn(db, wanted), await courseIn(db, wanted)]
  const fresh: FiguresTable[] = []
  if (open !== null) for (const day of [yesterday, today]) if (day >= open && day >= from && day <= until) fresh.push(...await measureDay(deps, db, day))
  const own = fresh.filter(row => row.figure !== 'version' && (kind === undefined || row.kind === kind) && (unit_ids === undefined || unit_ids.includes(row.unit_id)))
  const first = open === null || open < from ? from : open
  return {
    rows: [...rows, ...own.map(({ day, ...row }) => ({ ...row, month: day.slice(0, 7) }))],
    course: [...course, ...own.filter(({ figure }) => figure === 'issued' || figure === 'verified')],
    behind: open !== null && first < yesterday && first <= until && open <= until ? first : null,
  }
}
