import { type Cell, isRefusal, type Refusal, tidy } from './cells.ts'
import { type Encoding, type Ending, type FileFacts, NO_ENDING, type RawRow, readRows } from './rows.ts'

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
  /** for who fills the table in: a sentence, the words that may stand there, a value as it should look */
  about?: string
  words?: readonly string[]
  example?: string
  read(cell: Cell): Value | Refusal
}
export type Columns = Readonly<Record<string, Column>>

type ValueOf<C> = C extends { read(cell: Cell): infer Value } ? Exclude<Value, Refusal> : never
export type RowOf<C extends Columns> = { [Key in keyof C]: C[Key] extends { required: true } ? ValueOf<C[Key]> : ValueOf<C[Key]> | null }

/** What is wrong, and where a person finds it: `row` as the spreadsheet counts, `column` as its head reads. */
export type CellError = { row: number; column: string; value?: string; sentence: string; params?: Record<string, string | number> }

/** The head of a table. `present`: keys of the columns that the file has: a column left out says nothing, an empty cell says 'nothing'. */
export type Head = {
  row: number
  /** as they are written, in their order */
  titles: string[]
  present: ReadonlySet<string>
  /** heads that nobody asked for */
  ignored: string[]
  positions: ReadonlyMap<string, number>
}

/** A row: its values, or what is wrong with it and those of its values that could be read; and the cells as they were written. */
export type Line<Row> = { row: number; values: Row | null; known: Readonly<Record<string, unknown>>; faults: CellError[]; cells: string[] }
export type LineBatch<Row> = {
  facts: FileFacts
  head: Head
  lines: Line<Row>[]
  /** why nothing (more) of the file is taken; the last batch then */
  faults: CellError[]
  share: number
}

const HEAD_SEARCHED = 10
export const MOST_ROWS = 60_000
/** characters of a cell that are kept for handing a row back */
const KEPT = 500

/**
 * Reads the first sheet of an .xlsx, or a .csv, as a table with these columns, a batch of rows at a time. Title lines above the head,
 * empty rows, any order of columns, spaces and full-width forms are tolerated. Throws `invalid` where the bytes are no table.
 */
export async function* readLines<const C extends Columns>(bytes: Uint8Array, columns: C, options: { encoding?: Encoding | undefined } = {}): AsyncGenerator<LineBatch<RowOf<C>>, Ending> {
  const source = readRows(bytes, options)
  try {
    let reader: LineReader<C> | null = null
    let top: RawRow[] = []
    for (let step = await source.next(); ; step = await source.next()) {
      if (step.done) return step.value
      const { facts, rows, share } = step.value
      if (!reader) {
        top = [...top, ...rows]
        if (top.length < HEAD_SEARCHED && share < 1) continue
        reader = lineReader(top, columns)
      }
      const batch = reader.take(top.length > 0 ? top : rows, share === 1)
      top = []
      yield { facts, head: reader.head, share, ...batch }
      if (batch.faults.length > 0) return NO_ENDING
    }
  } finally {
    await source.return(NO_ENDING)
  }
}

export type LineReader<C extends Columns> = { head: Head; take(rows: readonly RawRow[], last: boolean): { lines: Line<RowOf<C>>[]; faults: CellError[] } }

/** Reads rows as lines of a table whose head is among the `top` ones; `most`: rows that are taken. */
export function lineReader<const C extends Columns>(top: readonly RawRow[], columns: C, most = MOST_ROWS): LineReader<C> {
  const { twice, ...head } = findHead(top, columns)
  const broken = faultsOfHead(head, twice, columns)
  const seen = new Map<string, Map<string, number>>()
  let count = 0
  return {
    head,
    take(rows, last) {
      if (broken.length > 0) return { lines: [], faults: broken }
      const body = rows.filter(({ row }) => row > head.row)
      const lines = body.slice(0, Math.max(most - count, 0)).map(row => readLine(row, columns, head, seen))
      count += body.length
      if (count > most) return { lines, faults: [{ row: head.row + most + 1, column: '', sentence: '一次最多 {max} 行，请分成几份', params: { max: most } }] }
      if (last && count === 0) return { lines, faults: [{ row: head.row + 1, column: '', sentence: '表里没有数据' }] }
      return { lines, faults: [] }
    },
  }
}

type FoundHead = Head & { twice: string[] }

/** The first of the top rows that holds most of the heads; registrars like a title above the table. */
function findHead(top: readonly RawRow[], columns: Columns): FoundHead {
  const heads = top.slice(0, HEAD_SEARCHED).map(row => headOf(row, columns))
  const none: FoundHead = { row: 1, titles: [], positions: new Map(), present: new Set(), twice: [], ignored: [] }
  return heads.reduce((best, head) => (head.positions.size > best.positions.size ? head : best), heads[0] ? { ...none, row: heads[0].row } : none)
}

function headOf({ row, cells }: RawRow, columns: Columns): FoundHead {
  const keys = new Map(Object.entries(columns).flatMap(([key, column]) => [column.header, ...(column.also ?? [])].map(head => [plainHead(head), key] as const)))
  const positions = new Map<string, number>()
  const titles: string[] = []
  const [twice, ignored]: string[][] = [[], []]
  cells.forEach((cell, position) => {
    const title = filled(cell) ? tidy(cell).slice(0, 50) : ''
    titles[position] = title
    const key = keys.get(plainHead(title))
    if (title === '' || OWN.has(title)) return
    if (key === undefined) ignored?.push(title)
    else if (positions.has(key)) twice?.push(key)
    else positions.set(key, position)
  })
  return { row, titles: Array.from(titles, title => title ?? ''), positions, present: new Set(positions.keys()), twice: twice ?? [], ignored: ignored ?? [] }
}

/** Columns that our own lists of errors add: a corrected list comes back with them. */
export const OWN: ReadonlySet<string> = new Set(['原行号', '原因'])

function plainHead(head: string): string {
  return head.normalize('NFKC').replace(/[\s*:]|\(必填\)|\(选填\)/g, '').toLowerCase()
}

function faultsOfHead(head: Head, twice: readonly string[], columns: Columns): CellError[] {
  const missing = Object.entries(columns).filter(([key, column]) => column.required && !head.positions.has(key))
  return [
    ...missing.map(([, column]) => ({ row: head.row, column: column.header, sentence: '缺少这一列' })),
    ...twice.map(key => ({ row: head.row, column: columns[key]?.header ?? key, sentence: '这一列出现了两次' })),
  ]
}

function readLine<C extends Columns>({ row, cells }: RawRow, columns: C, head: Head, seen: Map<string, Map<string, number>>): Line<RowOf<C>> {
  const values: Record<string, unknown> = {}
  const faults: CellError[] = []
  for (const [key, column] of Object.entries(columns)) {
    const position = head.positions.get(key)
    const cell = position === undefined ? null : (cells[position] ?? null)
    const outcome = readCell(cell, column)
    const fault = isRefusal(outcome) ? outcome : column.unique && outcome !== null ? seenBefore(seen, key, String(outcome), row) : null
    if (fault) faults.push(faultAt(row, column, cell, fault))
    if (!isRefusal(outcome)) values[key] = outcome
  }
  // Without a fault every key of `columns` has just been given what its own reader returned.
  return { row, values: faults.length === 0 ? values as RowOf<C> : null, known: values, faults, cells: Array.from(cells, cell => (filled(cell) ? tidy(cell).slice(0, KEPT) : '')) }
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
  return cell !== null && cell !== undefined && (typeof cell !== 'string' || tidy(cell) !== '')
}

export type Table<Row> = {
  rows: { row: number; values: Row }[]
  errors: CellError[]
  /** keys of the columns that the file has */
  present: ReadonlySet<string>
  /** heads in the file that nobody asked for */
  ignored: string[]
}

const ERRORS = 1_000

/** The whole table at once. A row with an error is left out of `rows`; the errors say why, at most a thousand of them. */
export async function readTable<const C extends Columns>(bytes: Uint8Array, columns: C, options: { encoding?: Encoding | undefined } = {}): Promise<Table<RowOf<C>>> {
  const table: Table<RowOf<C>> = { rows: [], errors: [], present: new Set(), ignored: [] }
  for await (const { head, lines, faults } of readLines(bytes, columns, options)) {
    if (faults.length > 0) return { rows: [], errors: faults, present: head.present, ignored: head.ignored }
    Object.assign(table, { present: head.present, ignored: head.ignored })
    for (const { row, values, faults: wrong } of lines) {
      if (values) table.rows.push({ row, values })
      else if (table.errors.length < ERRORS) table.errors.push(...wrong)
    }
  }
  return table
}
