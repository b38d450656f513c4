import type { cells } from './cells.ts'
import type { readLines, readTable } from './table.ts'
import type { writeCsv } from './write-csv.ts'
import type { writeXlsx } from './write-xlsx.ts'
import type { writeZip } from './write-zip.ts'

export { cells } from './cells.ts'
export type { Cell, Refusal } from './cells.ts'
export { birthDateOf, isIdNumber } from '../../platform/id-number.ts'
export { NO_ENDING } from './rows.ts'
export type { Encoding, Ending, FileFacts, Separator } from './rows.ts'
export { OWN, readLines, readTable } from './table.ts'
export type { CellError, Column, Columns, Head, Line, LineBatch, RowOf, Table } from './table.ts'
export { writeCsv } from './write-csv.ts'
export { writeXlsx } from './write-xlsx.ts'
export type { Sheet } from './write-xlsx.ts'
export { writeZip } from './write-zip.ts'
export type { ZipPart } from './write-zip.ts'

/** What a feature asks for when people upload tables or fetch them: the readers, the kinds of cells, the writers. */
export type Sources = { readLines: typeof readLines; readTable: typeof readTable; cells: typeof cells; writeCsv: typeof writeCsv; writeXlsx: typeof writeXlsx; writeZip: typeof writeZip }
