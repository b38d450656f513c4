import type { Columns, Sources } from '../../../../integrations/sources/index.ts'
import { gradeColumns } from '../columns.ts'

/** What a source tells of a grade: what a spreadsheet does, and the day it is of where rows differ in that. */
export function feedColumns(cells: Sources['cells']) {
  return { ...gradeColumns(cells), data_on: { header: '数据日期', read: cells.date() } } as const satisfies Columns
}
