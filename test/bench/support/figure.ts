import type { Cleaner, Store } from '../../support/database.ts'
import type { Comparison } from './compare.ts'

/** How long to look: rounds of each side, and a share of the usual amounts. */
export type Pace = { rounds: number; share: number }

export type Figure = {
  /** where it is worth measuring */
  stores: readonly Store[]
  measure(t: Cleaner, pace: Pace): Promise<Row[]>
}

/** A line of the table. `reach` is null where a figure is only told. */
export type Row = { name: string; ours: string; limit: string; ratio: number | null; spread: string; reach: string; reached: boolean | null }

type Mark = { name: string; unit: string; digits?: number; atLeast?: number; atMost?: number }

/** A comparison as a line: the ratio must be at least or at most so much. */
export function rowOf({ ours, limit, ratio, spread }: Comparison, { name, unit, digits = 0, atLeast, atMost }: Mark): Row {
  const said = (number: number) => `${number.toFixed(digits)} ${unit}`
  return {
    name, ours: said(ours), limit: said(limit), ratio, spread: spread.map(each => each.toFixed(2)).join('–'),
    reach: atLeast !== undefined ? `≥ ${atLeast}` : atMost !== undefined ? `≤ ${atMost}` : 'told',
    reached: atLeast !== undefined ? ratio >= atLeast : atMost !== undefined ? ratio <= atMost : null,
  }
}
