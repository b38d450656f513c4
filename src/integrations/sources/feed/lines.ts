import { type CellError, type Columns, type Line, lineReader, type LineReader, type RowOf } from '../table.ts'
import type { Feed } from './port.ts'

export type FeedLines<Row> = {
  lines: Line<Row>[]
  /** why nothing (more) of it is taken; the last batch then */
  faults: CellError[]
  present: ReadonlySet<string>
  as_of: string | null
}

/** A feed as a table with these columns, which may also be headed by their keys; rows with one value in the column `together` come one after another. */
export async function* feedLines<const C extends Columns>(feed: Feed, columns: C, { together, signal }: { together: keyof C & string; signal: AbortSignal }): AsyncGenerator<FeedLines<RowOf<C>>> {
  const heads = columns[together]
  let reader: LineReader<C> | null = null
  let count = 0
  for await (const { rows, as_of } of feed.read({ together: [heads?.header ?? together, ...heads?.also ?? [], together], signal })) {
    reader ??= lineReader(rows, withKeys(columns), Infinity)
    const { lines, faults } = reader.take(rows, false)
    count += lines.length
    yield { lines, faults, present: reader.head.present, as_of }
    if (faults.length > 0) return
  }
  if (count === 0) yield { lines: [], faults: [{ row: 2, column: '', sentence: '表里没有数据' }], present: new Set(), as_of: null }
}

function withKeys<C extends Columns>(columns: C): C {
  return Object.assign({}, columns, Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, { ...column, also: [...column.also ?? [], key] }])))
}
