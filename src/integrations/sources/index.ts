import type { cells } from './cells.ts'
import type { readTable } from './workbook.ts'

export { cells } from './cells.ts'
export type { Cell, Refusal } from './cells.ts'
export { birthDateOf, isIdNumber } from './id-number.ts'
export { readTable } from './workbook.ts'
export type { CellError, Column, Columns, RowOf, Table } from './workbook.ts'

/** What a feature asks for when it reads tables that people upload: the reader, and the kinds of cells. */
export type Sources = { readTable: typeof readTable; cells: typeof cells }
