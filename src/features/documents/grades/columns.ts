import type { CellError, Columns, RowOf, Sources, Table } from '../../../integrations/sources/index.ts'

/** Grades as a registrar exports them: a line for each course taken, retakes as lines of their own. */
export function gradeColumns(cells: Sources['cells']) {
  return {
    number: { header: '学号', required: true, read: cells.code(32) },
    year: { header: '学年', required: true, read: cells.text(20) },
    term: { header: '学期', required: true, read: cells.text(10) },
    course_code: { header: '课程代码', also: ['课程编号'], required: true, read: cells.code(32) },
    course: { header: '课程名称', required: true, read: cells.text(100) },
    course_en: { header: '英文课程名称', also: ['课程英文名称'], read: cells.text(200) },
    nature: { header: '课程性质', also: ['性质'], read: cells.text(20) },
    credits: { header: '学分', required: true, read: cells.decimal({ min: 0, max: 60 }) },
    mark: { header: '成绩', required: true, read: markOf(cells) },
    exam: { header: '考试性质', read: cells.text(20) },
  } as const satisfies Columns
}

/** A mark of a hundred, or a word of the five-step and two-step scales; which word means what is the transcript's business. */
function markOf(cells: Sources['cells']) {
  const [text, percent] = [cells.text(20), cells.decimal({ min: 0, max: 100 })]
  return (cell: Parameters<typeof text>[0]): ReturnType<typeof text> => {
    const written = text(cell)
    const mark = typeof written === 'string' && /^[+-]?\d+(\.\d+)?$/.test(written) ? percent(cell) : 0
    return typeof mark === 'number' ? written : mark
  }
}

export type GradeRow = RowOf<ReturnType<typeof gradeColumns>>
export type GradeTable = Table<GradeRow>
export type { CellError }
