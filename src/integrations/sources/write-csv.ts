import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'

/**
 * Rows as a CSV that Excel opens with a double click (UTF-8 with its mark). A value that a spreadsheet would run as a formula
 * gets an apostrophe in front, which our own reader takes away again.
 */
export function writeCsv(rows: Iterable<readonly string[]> | AsyncIterable<readonly string[]>): Readable {
  return Readable.from(mutable(rows)).compose(stringify({ bom: true, escape_formulas: true, record_delimiter: 'windows' }))
}

async function* mutable(rows: Iterable<readonly string[]> | AsyncIterable<readonly string[]>): AsyncGenerator<string[]> {
  for await (const row of rows) yield [...row]
}
