import type { CellError, Sources } from '../../../integrations/sources/index.ts'
import type { ImportKind } from '../tables.ts'
import { type PersonRow, peopleOf, staffColumns, studentColumns, type UnitRow, unitColumns } from './columns.ts'

export type RosterRow = { row: number; values: UnitRow | PersonRow }
export type Roster =
  | { kind: 'units'; rows: { row: number; values: UnitRow }[]; errors: CellError[]; ignored: string[] }
  | { kind: 'staff' | 'students'; rows: { row: number; values: PersonRow }[]; errors: CellError[]; ignored: string[] }

/** An uploaded workbook as the lines of a roster and what is wrong in it. Throws `invalid` where it is no workbook. */
export async function readRoster({ readTable, cells }: Sources, kind: ImportKind, bytes: Uint8Array): Promise<Roster> {
  if (kind === 'units') {
    const { rows, errors, ignored } = await readTable(bytes, unitColumns(cells))
    return { kind, rows, errors, ignored }
  }
  if (kind === 'staff') {
    const table = await readTable(bytes, staffColumns(cells))
    return { kind, ...peopleOf('staff', table, cells), ignored: table.ignored }
  }
  const table = await readTable(bytes, studentColumns(cells))
  return { kind, ...peopleOf('student', table, cells), ignored: table.ignored }
}

/** The heads of a roster's columns, for the page that says what the file should hold. */
export function headsOf({ cells }: Pick<Sources, 'cells'>, kind: ImportKind): { head: string; required: boolean }[] {
  const columns = kind === 'units' ? unitColumns(cells) : kind === 'staff' ? staffColumns(cells) : studentColumns(cells)
  return Object.values(columns).map(column => ({ head: column.header, required: 'required' in column }))
}
