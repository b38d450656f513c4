import type { Db, Tx } from '../../platform/db.ts'
import { insertRows } from '../../platform/prepared.ts'
import type { Period } from '../../platform/periods.ts'
import type { FiguresTable } from './tables.ts'

/** The last day that is written; null where none is. */
export async function lastMeasured(db: Db): Promise<string | null> {
  const row = await db.selectFrom('cases_measured').select('day').orderBy('day', 'desc').limit(1).executeTakeFirst()
  return row?.day ?? null
}

/** Writes a day, whole; again, it is the same day. */
export async function keepDay(tx: Tx, day: string, rows: readonly FiguresTable[], measured_at: number): Promise<void> {
  await tx.deleteFrom('cases_figures').where('day', '=', day).execute()
  await tx.deleteFrom('cases_measured').where('day', '=', day).execute()
  await insertRows(tx, 'cases_figures', rows)
  await insertRows(tx, 'cases_measured', [{ day, measured_at }])
}

type Asked = Period & { services: readonly string[] | undefined }

/** The days of the period added up. `people`: those of persons too. */
export async function figuresIn(db: Db, { from, until, services, people }: Asked & { people: boolean }): Promise<Omit<FiguresTable, 'day'>[]> {
  const rows = await db.selectFrom('cases_figures').select(({ fn }) => ['service_key', 'figure', 'about', 'minutes', fn.max('label').as('label'), fn.sum<number | string>('number').as('number'), fn.sum<number | string>('late').as('late')])
    .where('day', '>=', from).where('day', '<=', until)
    .$if(services !== undefined, query => query.where('service_key', 'in', ['', ...services ?? []])).$if(!people, query => query.where('figure', '<>', 'person'))
    .groupBy(['service_key', 'figure', 'about', 'minutes']).execute()
  return rows.map(row => ({ ...row, number: Number(row.number), late: Number(row.late) }))
}

/** What came in and what was decided, day by day. */
export async function courseIn(db: Db, { from, until, services }: Asked): Promise<Pick<FiguresTable, 'day' | 'figure' | 'number'>[]> {
  const rows = await db.selectFrom('cases_figures').select(({ fn }) => ['day', 'figure', fn.sum<number | string>('number').as('number')])
    .where('day', '>=', from).where('day', '<=', until).where('figure', 'in', ['received', 'approved', 'rejected'])
    .$if(services !== undefined, query => query.where('service_key', 'in', ['', ...services ?? []])).groupBy(['day', 'figure']).execute()
  return rows.map(row => ({ ...row, number: Number(row.number) }))
}
