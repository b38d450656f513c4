import type { RawRow } from '../rows.ts'

/** A table that another system of the school keeps up to date, and the hall reads. */
export type Feed = {
  /** where it is, with nothing secret in it */
  readonly place: string
  /**
   * Its rows as a spreadsheet has them, the heads first, a batch at a time. Rows with one value under the first of the `together` heads that there is
   * come one after another. Throws `upstream` where nothing was reached, an outcome where what is there is no such table.
   */
  read(ask: { together: readonly string[]; signal: AbortSignal }): AsyncGenerator<FeedBatch>
}

/** `as_of`: the day (YYYY-MM-DD) that the data is of; null where the source does not tell, as it is of now. */
export type FeedBatch = { rows: RawRow[]; as_of: string | null }

/** Milliseconds that a source may be silent. */
export const SILENCE = 60_000
