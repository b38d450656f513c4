import { StringDecoder } from 'node:string_decoder'
import type { Ending, FileFacts, RawRow } from './rows.ts'
import { sheetReader } from './sheet.ts'
import { attribute, xmlReader } from './xml.ts'
import { type Archive, openArchive, UnreadableFile } from './zip.ts'

const MB = 1024 * 1024

/** What a part may unfold to; a roster of 40,000 rows and 20 columns stays far below. */
const MOST = { entries: 500, small: 4 * MB, strings: 64 * MB, sheet: 400 * MB }

type Workbook = { sheets: { name: string; path: string; hidden: boolean }[]; from1904: boolean }

/** The rows of the first visible sheet of an .xlsx, as they are unpacked: the sheet is never held whole. */
export async function* xlsxRows(bytes: Buffer): AsyncGenerator<{ facts: FileFacts; rows: RawRow[]; share: number }, Ending> {
  const archive = openArchive(bytes, MOST.entries)
  const { sheets, from1904 } = workbookOf(archive)
  const sheet = sheets.find(each => !each.hidden) ?? sheets[0]
  if (!sheet || !archive.has(sheet.path)) throw new UnreadableFile('工作簿里没有表')
  const facts: FileFacts = { format: 'xlsx', sheet: sheet.name.slice(0, 50), sheets: sheets.length }
  const rows: RawRow[] = []
  const reader = sheetReader({ strings: stringsOf(archive), dates: dateStylesOf(archive), from1904 }, row => { rows.push(row) })
  const decoder = new StringDecoder('utf8')
  for await (const { bytes: piece, share } of archive.pieces(sheet.path, MOST.sheet)) {
    reader.write(decoder.write(piece))
    if (rows.length > 0) yield { facts, rows: rows.splice(0), share }
  }
  yield { facts, rows: rows.splice(0), share: 1 }
  return reader.ending()
}

function workbookOf(archive: Archive): Workbook {
  if (!archive.has('xl/workbook.xml')) throw new UnreadableFile('这不是 Excel 工作簿（.xlsx）')
  const paths = new Map<string, string>()
  read(archive, 'xl/_rels/workbook.xml.rels', MOST.small, (name, attributes) => {
    const target = attribute(attributes, 'Target') ?? ''
    if (name === 'Relationship') paths.set(attribute(attributes, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  })
  const workbook: Workbook = { sheets: [], from1904: false }
  read(archive, 'xl/workbook.xml', MOST.small, (name, attributes) => {
    if (name === 'workbookPr') workbook.from1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '')
    if (name !== 'sheet') return
    const path = paths.get(attribute(attributes, 'r:id') ?? attribute(attributes, 'id') ?? '') ?? 'xl/worksheets/sheet1.xml'
    workbook.sheets.push({ name: attribute(attributes, 'name') ?? '', path, hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible' })
  })
  return workbook
}

/** The texts that cells point to. Readings of characters (rPh), which Japanese workbooks carry, are no part of them. */
function stringsOf(archive: Archive): string[] {
  const strings: string[] = []
  let [text, depth, reading] = ['', 0, false]
  const xml = xmlReader({
    open(name) {
      if (name === 'si') text = ''
      if (name === 'rPh') reading = true
      if (name === 't' && !reading) depth++
    },
    close(name) {
      if (name === 'si') strings.push(text)
      if (name === 'rPh') reading = false
      if (name === 't' && !reading) depth--
    },
    text(piece) { if (depth > 0) text += piece },
  })
  feed(xml, archive.whole('xl/sharedStrings.xml', MOST.strings))
  return strings
}

// Formats that Excel has without writing them down, the Chinese ones (27–36, 50–58) among them.
const BUILT_IN_DATES = [[14, 22], [27, 36], [45, 47], [50, 58]] as const

/** Which of the cells' styles show a number as a date. */
function dateStylesOf(archive: Archive): ReadonlySet<number> {
  const own = new Map<number, boolean>()
  const styles = new Set<number>()
  let [inCells, at] = [false, 0]
  const isDate = (id: number): boolean => own.get(id) ?? BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to)
  const xml = xmlReader({
    open(name, attributes) {
      if (name === 'numFmt') own.set(Number(attribute(attributes, 'numFmtId')), showsDate(attribute(attributes, 'formatCode') ?? ''))
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells && isDate(Number(attribute(attributes, 'numFmtId') ?? 0))) styles.add(at)
      if (name === 'xf' && inCells) at++
    },
    close(name) { if (name === 'cellXfs') inCells = false },
    text() {},
  })
  feed(xml, archive.whole('xl/styles.xml', MOST.small))
  return styles
}

/** Has the format a year, month or day outside of quotes, escapes and [conditions]? */
function showsDate(format: string): boolean {
  const bare = format.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '')
  return /[ymd]/i.test(bare) && !/general/i.test(bare)
}

function read(archive: Archive, path: string, most: number, open: (name: string, attributes: string) => void): void {
  feed(xmlReader({ open, close() {}, text() {} }), archive.whole(path, most))
}

function feed(xml: { write(piece: string): void }, bytes: Buffer): void {
  const decoder = new StringDecoder('utf8')
  for (let at = 0; at < bytes.length; at += MB) xml.write(decoder.write(bytes.subarray(at, at + MB)))
}
