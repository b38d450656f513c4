import type { Cell } from './cells.ts'
import type { Ending, RawRow } from './rows.ts'
import { attribute, xmlReader } from './xml.ts'
import { UnreadableFile } from './zip.ts'

/** Wider than any roster; one cell at the far end of a sheet must not make rows of sixteen thousand. */
export const MOST_COLUMNS = 300
/** What Excel itself keeps in a cell. */
const LONGEST_CELL = 32_767
const LISTED = 20

/** What the cells of a sheet are read with. */
export type SheetContext = { strings: readonly string[]; dates: ReadonlySet<number>; from1904: boolean }

type Held = { at: number; type: string; style: number; value: string; text: string }

/** Reads the XML of a sheet and hands over each row that holds something, with the number it has in Excel. */
export function sheetReader(context: SheetContext, row: (row: RawRow) => void): { write(piece: string): void; ending(): Ending } {
  const ending: Ending = { hidden: [], hiddenCount: 0, merged: [], mergedCount: 0 }
  let [number, hidden, cells, column] = [0, false, new Array<Cell | null>(), -1]
  let cell: Held | null = null
  let [inValue, inText, reading] = [false, false, false]

  function openRow(attributes: string): void {
    number = Number(attribute(attributes, 'r') ?? number + 1)
    hidden = /^(1|true)$/.test(attribute(attributes, 'hidden') ?? '')
    ;[cells, column] = [[], -1]
  }

  function openCell(attributes: string): void {
    column = columnOf(attribute(attributes, 'r') ?? '') ?? column + 1
    cell = { at: column, type: attribute(attributes, 't') ?? 'n', style: Number(attribute(attributes, 's') ?? 0), value: '', text: '' }
  }

  function closeCell(): void {
    const value = cell && valueOf(cell, context)
    if (cell && value !== null && value !== '') {
      if (cell.at >= MOST_COLUMNS) throw new UnreadableFile('表太宽了：第 {row} 行超过 {max} 列，不像一份名单', { params: { row: number, max: MOST_COLUMNS } })
      while (cells.length < cell.at) cells.push(null)
      cells[cell.at] = value
    }
    cell = null
  }

  function closeRow(): void {
    if (!cells.some(each => each !== null && each !== undefined)) return
    if (hidden) {
      ending.hiddenCount++
      if (ending.hidden.length < LISTED) ending.hidden.push(number)
    }
    row({ row: number, cells })
  }

  const xml = xmlReader({
    open(name, attributes) {
      if (name === 'row') openRow(attributes)
      else if (name === 'c') openCell(attributes)
      else if (name === 'v') inValue = true
      else if (name === 't') inText = true
      else if (name === 'rPh') reading = true
      else if (name === 'mergeCell') noteMerged(ending, attribute(attributes, 'ref') ?? '')
    },
    close(name) {
      if (name === 'row') closeRow()
      else if (name === 'c') closeCell()
      else if (name === 'v') inValue = false
      else if (name === 't') inText = false
      else if (name === 'rPh') reading = false
    },
    text(piece) {
      if (!cell || reading) return
      if (inValue) cell.value += piece
      else if (inText) cell.text += piece
    },
  })
  return { write: piece => xml.write(piece), ending: () => ending }
}

function noteMerged(ending: Ending, ref: string): void {
  ending.mergedCount++
  if (ending.merged.length < LISTED) ending.merged.push(ref.slice(0, 30))
}

/** A formula's value is the one that Excel kept beside it; one that failed (#N/A) is nothing. */
function valueOf({ type, style, value, text }: Held, { strings, dates, from1904 }: SheetContext): Cell | null {
  if (type === 's') return unescaped(strings[Number(value)] ?? '')
  if (type === 'inlineStr') return unescaped(text || value)
  if (type === 'str' || type === 'd') return unescaped(value)
  if (type === 'b') return value === '1'
  if (type === 'e' || value.trim() === '') return null
  return dates.has(style) ? dateCell(value, from1904) : { number: value.trim().slice(0, 40) }
}

// Control characters are kept as _x000D_, and an underscore before such a look-alike as _x005F_.
function unescaped(text: string): string {
  const cut = text.length > LONGEST_CELL ? text.slice(0, LONGEST_CELL) : text
  return cut.includes('_x') ? cut.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16))) : cut
}

/** `C7` → 2; null where there is no reference. */
function columnOf(ref: string): number | null {
  const letters = /^\$?([A-Z]{1,4})/i.exec(ref)?.[1]?.toUpperCase()
  if (letters === undefined) return null
  return [...letters].reduce((sum, letter) => sum * 26 + (letter.codePointAt(0) ?? 64) - 64, 0) - 1
}

const DAY = 86_400_000

/** A number that is shown as a date. Excel believes in 29 February 1900, which no roster reaches back to. */
function dateCell(written: string, from1904: boolean): Cell {
  const serial = Number(written)
  if (!Number.isFinite(serial) || serial < 61 || serial > 2_958_465) return { number: written }
  return new Date(Math.round((from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)) + serial * DAY))
}
