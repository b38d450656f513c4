import type { Store } from '../../support/database.ts'
import type { Row } from './figure.ts'

const WIDTHS = [58, 8, 18, 18, 6, 11, 9, 8] as const

export function heading(): string {
  const titles = ['figure', 'store', 'ours', 'limit', 'ratio', 'spread', 'to reach', 'reached']
  return `${columns(titles)}\n${columns(WIDTHS.map(width => '─'.repeat(width)))}`
}

export function line(store: Store, { name, ours, limit, ratio, spread, reach, reached }: Row): string {
  return columns([name, store, ours, limit, ratio === null ? '' : ratio.toFixed(2), spread, reach, reached === null ? '' : reached ? 'yes' : 'no'])
}

function columns(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join(' ').trimEnd()
}
