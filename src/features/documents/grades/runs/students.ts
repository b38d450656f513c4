import type { CellError, FeedLines, Line } from '../../../../integrations/sources/index.ts'
import { AppError } from '../../../../platform/errors.ts'
import type { GradeRow } from '../columns.ts'
import { keyOf } from '../write.ts'

/** A row of a view has no number that a person could look for, so whose it is is said. */
export type RowError = CellError & { number?: string }
export type FeedRow = GradeRow & { data_on: string | null }
/** All rows of one number, the oldest day that one of them names, and what is wrong with any. */
export type Student = { number: string; rows: GradeRow[]; data_on: string | null; faults: RowError[] }
/** Students who are whole, with what came beside them: rows that were read, faults of rows that name nobody. */
export type Portion = { students: Student[]; rows: number; faults: CellError[]; present: ReadonlySet<string>; as_of: string | null }

type Open = { student: Student; /** the row of each course, by its key */ lines: Map<string, number> }

/** rows that are written together, more where one student has more */
const PORTION = 500

/** The rows of a source as students, some hundred rows at a time. Throws `invalid` where it is no table of grades, or not in the order of numbers. */
export async function* studentsIn(batches: AsyncIterable<FeedLines<FeedRow>>): AsyncGenerator<Portion> {
  const seen = new Set<string>()
  let open: Open | undefined
  let portion: Portion = { students: [], rows: 0, faults: [], present: new Set(), as_of: null }
  for await (const { lines, faults, present, as_of } of batches) {
    if (faults[0]) throw refusal(faults[0])
    portion = { ...portion, present, as_of }
    for (const line of lines) {
      const { number } = line.known
      if (typeof number === 'string' && open?.student.number !== number) {
        if (seen.has(number)) throw new AppError('invalid', '数据没有按学号排好：{number} 的成绩不在一处', { params: { number } })
        seen.add(number)
        if (portion.rows >= PORTION) {
          yield portion
          portion = { ...portion, students: [], rows: 0, faults: [] }
        }
        open = { student: { number, rows: [], data_on: null, faults: [] }, lines: new Map() }
        portion.students.push(open.student)
      }
      portion.rows += 1
      if (typeof number === 'string' && open) add(open, line)
      else portion.faults.push(...line.faults)
    }
  }
  yield portion
}

function add({ student, lines }: Open, { row, values, faults }: Line<FeedRow>): void {
  student.faults.push(...faults.map(fault => ({ ...fault, number: student.number })))
  if (!values) return
  const before = lines.get(keyOf(values))
  // Which of two marks is meant only the registrar knows.
  if (before !== undefined) student.faults.push({ row, number: student.number, column: '课程代码', value: values.course_code, sentence: '与第 {row} 行重复', params: { row: before } })
  lines.set(keyOf(values), before ?? row)
  const { data_on, ...grade } = values
  student.rows.push(grade)
  if (data_on !== null && data_on < (student.data_on ?? '9')) student.data_on = data_on
}

function refusal({ column, sentence, params }: CellError): AppError {
  return column === '' ? new AppError('invalid', sentence, { ...params && { params } }) : new AppError('invalid', '数据里没有“{column}”这一列，或者有两列', { params: { column } })
}
