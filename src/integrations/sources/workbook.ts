import { turn } from '../../platform/turn.ts'
import { type Cell, isRefusal, type Refusal, tidy } from './cells.ts'
import { readXlsx } from './xlsx.ts'

export type Column<Value = unknown> = {
  /** as the head of the column reads */
  header: string
  /** other heads that mean the same */
  also?: readonly string[]
  required?: boolean
  /** the same value twice in the file is an error */
  unique?: boolean
  /** the value never appears in a report */
  secret?: boolean
  read(cell: Cell): Value | Refusal
}
export type Columns = Readonly<Record<string, Column>>

type ValueOf<C> = C extends { read(cell: Cell): infer Value } ? Exclude<Value, Refusal> : never
export type RowOf<C extends Columns> = { [Key in keyof C]: C[Key] extends { required: true } ? ValueOf<C[Key]> : ValueOf<C[Key]> | null }

/** What is wrong, and where a person finds it: `row` as the spreadsheet counts, `column` as its head reads. */
export type CellError = { row: number; column: string; value?: string; sentence: string; params?: Record<string, string | number> }

export type Table<Row> = {
  rows: { row: number; values: Row }[]
  errors: CellError[]
  /** keys of the columns that the file has: a column left out says nothing, an empty cell says 'nothing' */
  present: ReadonlySet<string>
  /** heads in the file that nobody asked for */
  ignored: string[]
}

const HEAD_SEARCHED = 10
const ROWS = 60_000
const ERRORS = 1_000
// So many rows take a few milliseconds; then it is the turn of other requests.
const ROWS_A_TURN = 200

/**
 * Reads the first sheet of an .xlsx as a table with these columns. A row with an error is left out of `rows`; the errors say why.
 * Title lines above the head, empty rows, spaces and full-width forms are tolerated. Throws `invalid` where the bytes are no workbook.
 */
export async function readTable<const C extends Columns>(bytes: Uint8Array, columns: C): Promise<Table<RowOf<C>>> {
  const steps = tableSteps(await readXlsx(bytes), columns)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await turn()
  }
}

/** The same over cells already read. */
export function tableOf<const C extends Columns>(cells: readonly (readonly (Cell | null)[])[], columns: C): Table<RowOf<C>> {
  const steps = tableSteps(cells, columns)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function* tableSteps<const C extends Columns>(cells: readonly (readonly (Cell | null)[])[], columns: C): Generator<void, Table<RowOf<C>>> {
  const head = findHead(cells, columns)
  const errors = faultsOfHead(head, columns)
  const rows: Table<RowOf<C>>['rows'] = []
  const table = { rows, errors, present: new Set(head.positions.keys()), ignored: head.ignored }
  if (errors.length > 0) return table
  const body = cells.slice(head.row).map((row, index) => ({ row: head.row + index + 1, cells: row })).filter(({ cells: row }) => row.some(filled))
  if (body.length === 0) errors.push({ row: head.row + 1, column: '', sentence: '表里没有数据' })
  if (body.length > ROWS) errors.push({ row: head.row + ROWS + 1, column: '', sentence: '一次最多 {max} 行，请分成几份', params: { max: ROWS } })
  if (errors.length > 0) return table
  const seen = new Map<string, Map<string, number>>()
  for (const [at, line] of body.entries()) {
    if (at % ROWS_A_TURN === ROWS_A_TURN - 1) yield
    const { values, faults } = readRow(line, columns, head.positions, seen)
    if (faults.length === 0) rows.push({ row: line.row, values })
    else if (errors.length < ERRORS) errors.push(...faults)
  }
  return table
}

type Head = { row: number; positions: Map<string, number>; twice: string[]; ignored: string[] }

/** The first of the top rows that holds most of the heads; registrars like a title above the table. */
function findHead(cells: readonly (readonly (Cell | null)[])[], columns: Columns): Head {
  const heads = cells.slice(0, HEAD_SEARCHED).map((row, index) => headOf(row, index + 1, columns))
  const none: Head = { row: 1, positions: new Map(), twice: [], ignored: [] }
  return heads.reduce((best, head) => (head.positions.size > best.positions.size ? head : best), none)
}

function headOf(row: readonly (Cell | null)[], at: number, columns: Columns): Head {
  const keys = new Map(Object.entries(columns).flatMap(([key, column]) => [column.header, ...(column.also ?? [])].map(head => [plainHead(head), key] as const)))
  const head: Head = { row: at, positions: new Map(), twice: [], ignored: [] }
  row.forEach((cell, position) => {
    if (!filled(cell)) return
    const key = keys.get(plainHead(tidy(cell)))
    if (key === undefined) head.ignored.push(tidy(cell).slice(0, 50))
    else if (head.positions.has(key)) head.twice.push(key)
    else head.positions.set(key, position)
  })
  return head
}

function plainHead(head: string): string {
  return head.normalize('NFKC').replace(/[\s*:]|\(必填\)|\(选填\)/g, '')
}

function faultsOfHead(head: Head, columns: Columns): CellError[] {
  const missing = Object.entries(columns).filter(([key, column]) => column.required && !head.positions.has(key))
  return [
    ...missing.map(([, column]) => ({ row: head.row, column: column.header, sentence: '缺少这一列' })),
    ...head.twice.map(key => ({ row: head.row, column: columns[key]?.header ?? key, sentence: '这一列出现了两次' })),
  ]
}

type Line = { row: number; cells: readonly (Cell | null)[] }

function readRow<C extends Columns>(line: Line, columns: C, positions: Map<string, number>, seen: Map<string, Map<string, number>>): { values: RowOf<C>; faults: CellError[] } {
  const values: Record<string, unknown> = {}
  const faults: CellError[] = []
  for (const [key, column] of Object.entries(columns)) {
    const position = positions.get(key)
    const cell = position === undefined ? null : (line.cells[position] ?? null)
    const outcome = readCell(cell, column)
    const fault = isRefusal(outcome) ? outcome : column.unique && outcome !== null ? seenBefore(seen, key, String(outcome), line.row) : null
    if (fault) faults.push(faultAt(line.row, column, cell, fault))
    values[key] = outcome
  }
  // Every key of `columns` has just been given what its own reader returned.
  return { values: values as RowOf<C>, faults }
}

function readCell(cell: Cell | null, column: Column): unknown {
  if (!filled(cell)) return column.required ? { refused: '必填' } : null
  return column.read(cell)
}

function seenBefore(seen: Map<string, Map<string, number>>, key: string, value: string, row: number): Refusal | null {
  const rows = seen.get(key) ?? new Map<string, number>()
  seen.set(key, rows)
  const first = rows.get(value.toLowerCase())
  if (first !== undefined) return { refused: '与第 {row} 行重复', params: { row: first } }
  rows.set(value.toLowerCase(), row)
  return null
}

function faultAt(row: number, column: Column, cell: Cell | null, fault: Refusal): CellError {
  return {
    row, column: column.header, sentence: fault.refused,
    ...(fault.params ? { params: fault.params } : {}),
    ...(filled(cell) && !column.secret ? { value: tidy(cell).slice(0, 50) } : {}),
  }
}

function filled(cell: Cell | null | undefined): cell is Cell {
  return cell !== null && cell !== undefined && tidy(cell) !== ''
}
