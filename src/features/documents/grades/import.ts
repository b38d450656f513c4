import type { Sources } from '../../../integrations/sources/index.ts'
import type { Database, Db } from '../../../platform/db.ts'
import type { Clock } from '../../../platform/clock.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { turn } from '../../../platform/turn.ts'
import { schoolTime } from '../../../platform/dates.ts'
import { gradesImported } from '../events.ts'
import { type CellError, gradeColumns, type GradeTable } from './columns.ts'
import { keyOf, writeGrades } from './write.ts'

export type GradeReport = { rows: number; created: number; changed: number; unchanged: number; errors: CellError[] }

/** `data_on`: the day (YYYY-MM-DD) of which the file is; today unless told. */
export type ImportOptions = { actor?: Actor | null; data_on?: string }

type Deps = { database: Database; clock: Clock; sources: Sources; knownNumbers(db: Db, numbers: readonly string[]): Promise<ReadonlySet<string>> }

const SLICE = 500

/**
 * Reads grades from an .xlsx or .csv and writes them, slice by slice; the same file twice changes nothing. With an error in the file nothing
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
    const done = await database.write(tx => writeGrades(tx, slice, { present: table.present, data_on }))
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
