import type { Db, Tx } from '../../../../platform/db.ts'
import { insertRows } from '../../../../platform/prepared.ts'
import type { GradeRow, GradeTable } from '../columns.ts'
import { countsOf, type Plan, planGrades, type Written, writeGrades } from '../write.ts'

/** Columns and their values. */
type Told = Record<string, string | number | null>
/** A grade that the source has otherwise; `before` null: it is new, `after` null: the source no longer has it. */
export type Difference = { number: string; year: string; term: string; course: string; before: Told | null; after: Told | null }

type Reading = { run_id: string; present: GradeTable['present']; data_on: string }

/** Keeps what the source says of students who differ, for somebody to decide; of the others the day of their data. The rows are all there are of their numbers. */
export async function proposeGrades(tx: Tx, rows: readonly GradeRow[], { run_id, present, data_on }: Reading): Promise<{ counts: Written; differences: Difference[] }> {
  const plan = await planGrades(tx, rows, { present, whole: true })
  const differences = differencesIn(plan)
  const differing = new Set(differences.map(({ number }) => number))
  await writeGrades(tx, rows.filter(({ number }) => !differing.has(number)), { present, data_on, whole: true })
  const whole = Map.groupBy(rows.filter(({ number }) => differing.has(number)), ({ number }) => number)
  await insertRows(tx, 'documents_grade_proposals', [...whole].map(([number, grades]) => ({ run_id, number, data_on, present: JSON.stringify([...present]), grades: JSON.stringify(grades) })))
  return { counts: countsOf(plan), differences }
}

function differencesIn({ fresh, changes, gone }: Plan): Difference[] {
  const named = ({ number, year, term, course }: Pick<Difference, 'number' | 'year' | 'term' | 'course'>) => ({ number, year, term, course })
  const whole = ({ credits, mark }: { credits: number; mark: string }): Told => ({ credits, mark })
  return [
    ...fresh.map(row => ({ ...named(row), before: null, after: whole(row) })),
    ...changes.map(({ before, change }) => {
      const known = new Map<string, string | number | null>(Object.entries(before))
      const after = Object.fromEntries(Object.entries(change).filter(([column, value]) => known.get(column) !== value))
      return { ...named(before), before: Object.fromEntries(Object.keys(after).map(column => [column, known.get(column) ?? null])), after }
    }),
    ...gone.map(row => ({ ...named(row), before: whole(row), after: null })),
  ].toSorted((one, other) => one.number < other.number ? -1 : Number(one.number > other.number))
}

/** students who are written together */
const TOGETHER = 20

/** Writes what the source said of some students; false where there are none left. */
export async function adoptSome(tx: Tx, run_id: string): Promise<boolean> {
  const some = await tx.selectFrom('documents_grade_proposals').selectAll().where('run_id', '=', run_id).orderBy('number').limit(TOGETHER).execute()
  for (const { data_on, present, grades } of some) {
    const rows: GradeRow[] = JSON.parse(grades)
    await writeGrades(tx, rows, { present: new Set(JSON.parse(present)), data_on, whole: true })
  }
  if (some.length > 0) await tx.deleteFrom('documents_grade_proposals').where('run_id', '=', run_id).where('number', 'in', some.map(({ number }) => number)).execute()
  return some.length > 0
}

export async function dropProposals(db: Db, run_id: string): Promise<void> {
  await db.deleteFrom('documents_grade_proposals').where('run_id', '=', run_id).execute()
}
