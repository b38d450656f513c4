import type { Store } from '../../support/database.ts'
import type { Row } from './figure.ts'

const WIDTHS = [46, 8, 22, 22, 7, 12, 9, 8] as const

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
