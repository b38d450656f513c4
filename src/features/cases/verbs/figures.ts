import type { Db } from '../../../platform/db.ts'
import { dayAfter, dayOf, type Period } from '../../../platform/periods.ts'
import type { Deps } from '../deps.ts'
import { courseIn, figuresIn } from '../store-figures.ts'
import type { FiguresTable } from '../tables.ts'
import { firstToMeasure, measureDay } from './measure.ts'

export type Figure = Omit<FiguresTable, 'day'>
export type Figures = {
  rows: Figure[]
  course: Pick<FiguresTable, 'day' | 'figure' | 'number'>[]
  /** the first day of the period that nobody has counted yet; null where all are */
  behind: string | null
}

type Asked = Period & { services: readonly string[] | undefined; /** are figures of persons asked for? */ people: boolean }

/** The figures of a period: days that are over as they were written at night, yesterday and today as they stand. */
export async function readFigures(deps: Deps, db: Db, { from, until, services, people }: Asked): Promise<Figures> {
  const today = dayOf(deps.clock.now())
  const yesterday = dayAfter(today, -1)
  const open = await firstToMeasure(deps, db)
  const asked = { from, until, services }
  const figures = { rows: await figuresIn(db, { ...asked, people }), course: await courseIn(db, asked) }
  const fresh: FiguresTable[] = []
  if (open !== null) for (const day of [yesterday, today]) if (day >= open && day >= from && day <= until) fresh.push(...await measureDay(deps, db, day))
  const own = fresh.filter(row => (services === undefined || services.includes(row.service_key)) && (people || row.figure !== 'person'))
  const first = open === null || open < from ? from : open
  return { rows: [...figures.rows, ...own], course: [...figures.course, ...own], behind: open !== null && first < yesterday && first <= until ? first : null }
}
