import type { Sources } from '../../../integrations/sources/index.ts'
import type { Database, Db, Tx } from '../../../platform/db.ts'
import type { Clock } from '../../../platform/clock.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { turn } from '../../../platform/turn.ts'
import { schoolTime } from '../../../platform/dates.ts'
import { gradesImported } from '../events.ts'
import { keepDates } from './store.ts'
import { type CellError, gradeColumns, type GradeRow, type GradeTable } from './columns.ts'

export type GradeReport = { rows: number; created: number; changed: number; unchanged: number; errors: CellError[] }

/** `data_on`: the day (YYYY-MM-DD) of which the file is; today unless told. */
export type ImportOptions = { actor?: Actor | null; data_on?: string }

type Deps = { database: Database; clock: Clock; sources: Sources; knownNumbers(db: Db, numbers: readonly string[]): Promise<ReadonlySet<string>> }

const SLICE = 500

/**
 * Reads grades from an .xlsx and writes them, slice by slice; the same file twice changes nothing. With an error in the file nothing
 * is written: a transcript with a hole is worse than one that is a day late.
 */
export async function importGrades({ database, clock, sources, knownNumbers }: Deps, bytes: Uint8Array, { actor = null, data_on = schoolTime(clock.now()).date }: ImportOptions = {}): Promise<GradeReport> {
  const table = await sources.readTable(bytes, gradeColumns(sources.cells))
  const known = await knownNumbers(database.db, [...new Set(table.rows.map(({ values }) => values.number))])
  const errors = [...table.errors, ...strangers(table, known), ...repeated(table)].toSorted((a, b) => a.row - b.row)
  const report: GradeReport = { rows: table.rows.length, created: 0, changed: 0, unchanged: 0, errors }
  if (errors.length > 0) return report
  for (let from = 0; from < table.rows.length; from += SLICE) {
    const slice = table.rows.slice(from, from + SLICE).map(({ values }) => values)
    const done = await database.write(tx => writeSlice(tx, slice, table.present, data_on))
    for (const key of ['created', 'changed', 'unchanged'] as const) report[key] += done[key]
    await turn()
  }
  const { rows, created, changed } = report
  const import_id = newId()
  await database.write(tx => emit(tx, gradesImported, { import_id, rows, created, changed, data_on }, { subject: import_id, actor }))
  return report
}

function strangers({ rows }: GradeTable, known: ReadonlySet<string>): CellError[] {
  return rows.filter(({ values }) => !known.has(values.number))
    .map(({ row, values }) => ({ row, column: '学号', value: values.number, sentence: '名单里没有这个学号，请先导入学生名单' }))
}

/** The same course of the same term twice: which mark is meant only the registrar knows. */
function repeated({ rows }: GradeTable): CellError[] {
  const first = new Map<string, number>()
  return rows.flatMap(({ row, values }) => {
    const key = keyOf(values)
    const before = first.get(key)
    if (before === undefined) first.set(key, row)
    return before === undefined ? [] : [{ row, column: '课程代码', value: values.course_code, sentence: '与第 {row} 行重复', params: { row: before } }]
  })
}

type Present = GradeTable['present']

async function writeSlice(tx: Tx, rows: readonly GradeRow[], present: Present, data_on: string) {
  const counts = { created: 0, changed: 0, unchanged: 0 }
  const known = await existing(tx, rows)
  const fresh: GradeRow[] = []
  for (const row of rows) {
    const before = known.get(keyOf(row))
    const change = before && told(row, present)
    if (!before) fresh.push(row)
    else if (change && sameGrade(before, change)) counts.unchanged += 1
    else {
      await tx.updateTable('documents_grades').set({ ...change, updated_at: tx.bus.clock.now() }).where('id', '=', before.id).execute()
      counts.changed += 1
    }
  }
  if (fresh.length > 0) await tx.insertInto('documents_grades').values(fresh.map(row => ({ id: newId(), ...stored(row), updated_at: tx.bus.clock.now() }))).execute()
  await keepDates(tx, [...new Set(rows.map(row => row.number))], data_on)
  return { ...counts, created: fresh.length }
}

async function existing(tx: Tx, rows: readonly GradeRow[]) {
  const found = await tx.selectFrom('documents_grades').selectAll().where('number', 'in', [...new Set(rows.map(row => row.number))]).execute()
  return new Map(found.map(row => [keyOf(row), row]))
}

type Key = Pick<GradeRow, 'number' | 'year' | 'term' | 'course_code' | 'exam'>

function keyOf({ number, year, term, course_code, exam }: Key): string {
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
