import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { DocumentsTables } from '../tables.ts'
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

type Known = DocumentsTables['documents_grades']
type Change = Partial<ReturnType<typeof stored>>

/** What differs between grades as they are told and as they are known. */
export type Plan = { fresh: GradeRow[]; changes: { before: Known; change: Change }[]; gone: Known[]; unchanged: number }

/** Writes grades of a few hundred rows; the same again changes nothing. */
export async function writeGrades(tx: Tx, rows: readonly GradeRow[], options: Options): Promise<Written> {
  // MySQL refuses a list without members.
  if (rows.length === 0) return { created: 0, changed: 0, unchanged: 0, removed: 0 }
  const plan = await planGrades(tx, rows, options)
  const { fresh, changes, gone } = plan
  const updated_at = tx.bus.clock.now()
  for (const { before, change } of changes) await tx.updateTable('documents_grades').set({ ...change, updated_at }).where('id', '=', before.id).execute()
  if (fresh.length > 0) await tx.insertInto('documents_grades').values(fresh.map(row => ({ id: newId(), ...stored(row), updated_at }))).execute()
  if (gone.length > 0) await tx.deleteFrom('documents_grades').where('id', 'in', gone.map(({ id }) => id)).execute()
  await keepDates(tx, [...new Set(rows.map(row => row.number))], options.data_on)
  return countsOf(plan)
}

export function countsOf({ fresh, changes, gone, unchanged }: Plan): Written {
  return { created: fresh.length, changed: changes.length, unchanged, removed: gone.length }
}

/** What writing these rows would do. */
export async function planGrades(db: Db, rows: readonly GradeRow[], { present, whole = false }: Pick<Options, 'present' | 'whole'>): Promise<Plan> {
  const plan: Plan = { fresh: [], changes: [], gone: [], unchanged: 0 }
  const known = await existing(db, rows)
  for (const row of rows) {
    const before = known.get(keyOf(row))
    known.delete(keyOf(row))
    const change = told(row, present)
    if (!before) plan.fresh.push(row)
    else if (sameGrade(before, change)) plan.unchanged += 1
    else plan.changes.push({ before, change })
  }
  return { ...plan, gone: whole ? [...known.values()] : [] }
}

async function existing(db: Db, rows: readonly GradeRow[]) {
  const found = await db.selectFrom('documents_grades').selectAll().where('number', 'in', [...new Set(rows.map(row => row.number))]).execute()
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
function told(row: GradeRow, present: Present): Change {
  return Object.fromEntries(Object.entries(stored(row)).filter(([column]) => present.has(column)))
}

function sameGrade(before: object, change: object): boolean {
  const was = new Map<string, unknown>(Object.entries(before))
  return Object.entries(change).every(([column, value]) => was.get(column) === value)
}
