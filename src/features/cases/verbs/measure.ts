import type { Db } from '../../../platform/db.ts'
import type { Running } from '../../../platform/jobs.ts'
import { dayAfter, dayOf, spanOf } from '../../../platform/periods.ts'
import type { Deps } from '../deps.ts'
import { type Happened, rowsOf } from '../rules/figures.ts'
import { keepDay, lastMeasured } from '../store-figures.ts'
import type { FiguresTable } from '../tables.ts'

type Reads = Pick<Deps, 'approvals' | 'services'>

/** What happened on a day of the school, read by indexes of time: it costs what happened that day. */
export async function measureDay({ approvals, services }: Reads, db: Db, day: string): Promise<FiguresTable[]> {
  const span = spanOf(day)
  const received = (await services.sentBetween(db, span)).map(({ service_key, number }): Happened => ({ service_key, figure: 'received', about: '', label: '', number }))
  const ended = (await services.endedBetween(db, span)).map(({ service_key, status, submitted_at, ended_at, due_at }): Happened => ({
    service_key, figure: status === 'approved' || status === 'rejected' ? status : 'other', about: '', label: '', ms: ended_at - submitted_at, late: due_at !== null && ended_at > due_at,
  }))
  const steps = (await approvals.stepsEnded(db, span)).flatMap(({ topic: service_key, step, label, status, started_at, ended_at, due_at }): Happened[] => [
    { service_key, figure: 'step', about: step, label, ms: ended_at - started_at, late: due_at !== null && ended_at > due_at },
    ...status === 'returned' ? [{ service_key, figure: 'returned', about: '', label: '' } as const] : [],
  ])
  const people = (await approvals.tasksDecided(db, span)).map(({ topic: service_key, person_id, started_at, ended_at, due_at }): Happened => ({
    service_key, figure: 'person', about: person_id, label: '', ms: ended_at - started_at, late: due_at !== null && ended_at > due_at,
  }))
  return rowsOf(day, [...received, ...ended, ...steps, ...people])
}

/** The first day that is not written; null where nothing was ever sent. */
export async function firstToMeasure({ services }: Pick<Deps, 'services'>, db: Db): Promise<string | null> {
  const last = await lastMeasured(db)
  if (last !== null) return dayAfter(last)
  const first = await services.firstSentAt(db)
  return first === null ? null : dayOf(first)
}

/** So many days at a time: years that were never measured do not hold up other work. */
const SLICE = 30

/** Writes the days that are over and are not written yet, oldest first; true when none is left. */
export async function measureSome(deps: Pick<Deps, 'approvals' | 'services' | 'clock' | 'database'>, running: Running): Promise<boolean> {
  const { clock, database: { db, write } } = deps
  let day = await firstToMeasure(deps, db)
  for (let left = SLICE; day !== null && day < dayOf(clock.now()); day = dayAfter(day), left--) {
    if (left === 0 || running.signal.aborted) return false
    const [written, rows] = [day, await measureDay(deps, db, day)]
    await write(async tx => {
      await running.hold(tx)
      await keepDay(tx, written, rows, clock.now())
    })
  }
  return true
}
