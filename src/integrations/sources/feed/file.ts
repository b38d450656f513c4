import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { schoolTime } from '../../../platform/dates.ts'
import { AppError } from '../../../platform/errors.ts'
import { tidy } from '../cells.ts'
import { type RawRow, readRows } from '../rows.ts'
import type { Feed } from './port.ts'

const HEAD_SEARCHED = 10
const BATCH = 500

/** An .xlsx or .csv that another system puts into a folder; of the day on which it was written. */
export function fileFeed(path: string): Feed {
  return {
    place: basename(path),
    async *read({ together }) {
      const { bytes, written } = await contentOf(path)
      const as_of = schoolTime(written).date
      const rows: RawRow[] = []
      for await (const batch of readRows(bytes)) rows.push(...batch.rows)
      const sorted = sortedBy(rows, together)
      for (let from = 0; from < sorted.length; from += BATCH) yield { rows: sorted.slice(from, from + BATCH), as_of }
    },
  }
}

async function contentOf(path: string): Promise<{ bytes: Buffer; written: number }> {
  try {
    return { bytes: await readFile(path), written: (await stat(path)).mtimeMs }
  } catch (error) {
    throw new AppError('upstream', '没有读到文件 {name}', { cause: error, params: { name: basename(path) } })
  }
}

/** The rows under the head in the order of that column; they keep their numbers, by which a person finds them. */
function sortedBy(rows: readonly RawRow[], heads: readonly string[]): RawRow[] {
  const textAt = ({ cells }: RawRow, column: number) => tidy(cells[column] ?? '')
  for (const [nth, row] of rows.slice(0, HEAD_SEARCHED).entries()) {
    const column = row.cells.findIndex(cell => cell !== null && heads.includes(tidy(cell)))
    if (column === -1) continue
    const body = rows.slice(nth + 1).map(each => ({ each, key: textAt(each, column) })).toSorted((one, other) => one.key < other.key ? -1 : Number(one.key > other.key))
    return [...rows.slice(0, nth + 1), ...body.map(({ each }) => each)]
  }
  return [...rows]
}
