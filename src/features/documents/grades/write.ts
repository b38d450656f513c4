import type { Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { GradeRow, GradeTable } from './columns.ts'
import { keepDates } from './store.ts'

type Present = GradeTable['present']
export type Written = { created: number; changed: number; unchanged: number; removed: number }

type Options = {
  /** columns that the rows tell of: what is known of the others stays */
  present: Present
  data_on: string
  /** the rows are all there are of their numbers: what is not among them is removed */
  whole?: boolean
}

/** Writes grades of a few hundred rows; the same again changes nothing. */
export async function writeGrades(tx: Tx, rows: readonly GradeRow[], { present, data_on, whole = false }: Options): Promise<Written> {
  const counts = { created: 0, changed: 0, unchanged: 0, removed: 0 }
  const known = await existing(tx, rows)
  const fresh: GradeRow[] = []
  for (const row of rows) {
    const before = known.get(keyOf(row))
    known.delete(keyOf(row))
    const change = before && told(row, present)
    if (!before) fresh.push(row)
    else if (change && sameGrade(before, change)) counts.unchanged += 1
    else {
      await tx.updateTable('documents_grades').set({ ...change, updated_at: tx.bus.clock.now() }).where('id', '=', before.id).execute()
      counts.changed += 1
    }
  }
  if (fresh.length > 0) await tx.insertInto('documents_grades').values(fresh.map(row => ({ id: newId(), ...stored(row), updated_at: tx.bus.clock.now() }))).execute()
  const gone = whole ? [...known.values()].map(({ id }) => id) : []
  if (gone.length > 0) await tx.deleteFrom('documents_grades').where('id', 'in', gone).execute()
  await keepDates(tx, [...new Set(rows.map(row => row.number))], data_on)
  return { ...counts, created: fresh.length, removed: gone.length }
}

async function existing(tx: Tx, rows: readonly GradeRow[]) {
  const found = await tx.selectFrom('documents_grades').selectAll().where('number', 'in', [...new Set(rows.map(row => row.number))]).execute()
  return new Map(found.map(row => [keyOf(row), row]))
}

type Key = Pick<GradeRow, 'number' | 'year' | 'term' | 'course_code' | 'exam'>

/** A course taken in a term, at one sitting. */
export function keyOf({ number, year, term, course_code, exam }: Key): string {
  return JSON.stringify([number, year, term, course_code, exam ?? ''])
}

function stored(row: GradeRow) {
  return { ...row, exam: row.exam ?? '' }
}

/** What the file says of a grade: a column that it leaves out says nothing, so what is known stays. */
function told(row: GradeRow, present: Present): Partial<ReturnType<typeof stored>> {
  return Object.fromEntries(Object.entries(stored(row)).filter(([column]) => present.has(column)))
}

function sameGrade(before: object, change: object): boolean {
  const was = new Map<string, unknown>(Object.entries(before))
  return Object.entries(change).every(([column, value]) => was.get(column) === value)
}
