/** How a list is laid out in two halves of a page. Heights in millimetres, widths in em of the list's type. */
export type Halves<Row> = {
  /** height of a half on the first page and on those after it, without the foot */
  first: number
  next: number
  /** what the foot takes of both halves on the last page */
  foot: number
  /** height of a row of one line, and of each line more */
  row: number
  line: number
  /** room for the text */
  width: number
  text(row: Row): string
  /** rows with the same heading stand under it together; absent: none */
  heading?(row: Row): string
  headingHeight?: number
}

export type Block<Row> = { heading: string | null; /** it began in an earlier half */ again: boolean; rows: Row[] }
export type ListPage<Row> = { number: number; of: number; last: boolean; halves: [Block<Row>[], Block<Row>[]]; /** which half the list ends in */ end: 0 | 1 | null }

type Piece<Row> = { row: Row; heading: string | null; height: number }

/** Fewest rows on a last page, so that a foot never stands alone. */
const COMPANY = 6

/**
 * The list in pages of two halves, left one filled first, the foot on the last page. A heading is repeated where its rows go on in another
 * half, and never stands without a row.
 */
export function inHalves<Row>(rows: readonly Row[], form: Halves<Row>): ListPage<Row>[] {
  let rest = rows.map((row): Piece<Row> => ({ row, heading: form.heading?.(row) ?? null, height: form.row + form.line * (linesOf(form.text(row), form.width) - 1) }))
  const pages: Piece<Row>[][][] = []
  for (let height = form.first; ; height = form.next) {
    const whole = fill(rest, height - form.foot, form, true)
    const last = whole.rest.length === 0 ? whole : fill(rest, height - form.foot, form)
    if (last.rest.length === 0) return numbered([...pages, last.halves])
    const full = fill(rest.slice(0, Math.max(rest.length - COMPANY, 1)), height, form)
    const used = full.halves.flat().length
    if (used === 0) throw new Error('a half has no room for a row')
    pages.push(full.halves)
    rest = rest.slice(used)
  }
}

// `whole`: what stands under one heading is not parted between the halves.
function fill<Row>(pieces: readonly Piece<Row>[], height: number, form: Halves<Row>, whole = false): { halves: Piece<Row>[][]; rest: readonly Piece<Row>[] } {
  const most = room(pieces, height, form)
  const left = whole && most < pieces.length ? groupStart(pieces, most) : most
  const right = room(pieces.slice(left), height, form)
  return { halves: [pieces.slice(0, left), pieces.slice(left, left + right)], rest: pieces.slice(left + right) }
}

/** The last place up to here where a heading begins; here, where there is none after the first. */
function groupStart<Row>(pieces: readonly Piece<Row>[], end: number): number {
  const start = pieces.findLastIndex((piece, index) => index > 0 && index <= end && piece.heading !== pieces[index - 1]?.heading)
  return start > 0 ? start : end
}

/** How many of them fit one under another. */
function room<Row>(pieces: readonly Piece<Row>[], height: number, { headingHeight = 0 }: Halves<Row>): number {
  let used = 0
  let heading: string | null = null
  for (const [index, piece] of pieces.entries()) {
    used += piece.height + (piece.heading === heading ? 0 : headingHeight)
    heading = piece.heading
    if (used > height + 0.001) return index
  }
  return pieces.length
}

function numbered<Row>(pages: readonly Piece<Row>[][][]): ListPage<Row>[] {
  let before: string | null = null
  const blocks = (half: readonly Piece<Row>[] = []): Block<Row>[] => {
    const found: Block<Row>[] = []
    for (const { row, heading } of half) {
      const open = found.at(-1)
      if (open && open.heading === heading) open.rows.push(row)
      else found.push({ heading, again: heading !== null && heading === before, rows: [row] })
      before = heading
    }
    return found
  }
  return pages.map(([left, right], index) => {
    const last = index === pages.length - 1
    return { number: index + 1, of: pages.length, last, halves: [blocks(left), blocks(right)], end: last ? right?.length ? 1 : 0 : null }
  })
}

/** Lines that a text takes in so many em, rather one too many than one too few: Chinese breaks anywhere, Latin between words. */
export function linesOf(text: string, width: number): number {
  let lines = 1
  let used = 0
  for (const word of text.match(/[^\s\p{Script=Han}·、，。；：（）《》“”]+|\s+|./gu) ?? []) {
    const long = widthOf(word)
    if (used + long > width) {
      if (/^\s+$/.test(word)) continue
      lines += long > width ? Math.ceil(long / width) : 1
      used = long > width ? long % width : long
    } else used += long
  }
  return lines
}

function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\u0020-\u024F]/.test(character) ? latinWidth(character) : 1), 0)
}

// Of Noto Serif, rounded up.
function latinWidth(character: string): number {
  if (/[MWmw@%]/.test(character)) return 0.98
  if (/[A-Z&]/.test(character)) return 0.76
  if (/[ilj.,:;'|! I]/.test(character)) return 0.38
  return 0.62
}
