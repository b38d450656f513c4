import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { type Encoding, type Ending, type FileFacts, NO_ENDING, type RawRow, type Separator } from './rows.ts'
import { MOST_COLUMNS } from './sheet.ts'
import { UnreadableFile } from './zip.ts'

const CHUNK = 64 * 1024
/** characters of a row, before which a quotation mark must have found its other half */
const LONGEST_ROW = 256 * 1024
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** The rows of a text with separators, as they are decoded. `wanted` overrules what the bytes look like. */
export async function* csvRows(bytes: Buffer, wanted: Encoding | undefined): AsyncGenerator<{ facts: FileFacts; rows: RawRow[]; share: number }, Ending> {
  refuseOtherFormats(bytes)
  const encoding = wanted ?? detectEncoding(bytes)
  const body = encoding === 'utf-8' && bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes
  const separator = separatorOf(decode(body.subarray(0, CHUNK), encoding, true))
  const facts: FileFacts = { format: 'csv', encoding, separator }
  const parser = Readable.from(texts(body, encoding)).compose(parse({ delimiter: separator, relax_column_count: true, relax_quotes: true, max_record_size: LONGEST_ROW, info: true }))
  let rows: RawRow[] = []
  let row = 0
  try {
    for await (const { record, info } of records(parser)) {
      row++
      if (record.length > MOST_COLUMNS) throw new UnreadableFile('表太宽了：第 {row} 行超过 {max} 列，不像一份名单', { params: { row, max: MOST_COLUMNS } })
      if (record.some(cell => cell.trim() !== '')) rows.push({ row, cells: record.map(cell => (cell === '' ? null : cell)) })
      if (rows.length < 200) continue
      yield { facts, rows, share: Math.min(info / Math.max(body.length, 1), 1) }
      rows = []
    }
  } catch (error) {
    throw unreadable(error, row + 1, encoding)
  }
  yield { facts, rows, share: 1 }
  return NO_ENDING
}

async function* records(parser: AsyncIterable<unknown>): AsyncGenerator<{ record: string[]; info: number }> {
  for await (const each of parser) if (isRecord(each)) yield { record: each.record, info: each.info.bytes }
}

function isRecord(each: unknown): each is { record: string[]; info: { bytes: number } } {
  return typeof each === 'object' && each !== null && 'record' in each && Array.isArray(each.record)
}

/** Strictly: UTF-8 where every byte fits it, else GB18030 where every byte fits that, else neither. */
function detectEncoding(bytes: Buffer): Encoding {
  if (isUtf8(bytes)) return 'utf-8'
  try {
    for (const _ of texts(bytes, 'gb18030'));
    return 'gb18030'
  } catch (error) {
    throw new UnreadableFile('看不出这个文件的编码：既不是 UTF-8，也不是 GB18030。请用 Excel 打开后另存为 .xlsx', { cause: error })
  }
}

function* texts(bytes: Buffer, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  for (let at = 0; at < bytes.length; at += CHUNK) yield decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true })
  const last = decoder.decode()
  if (last !== '') yield last
}

function decode(bytes: Buffer, encoding: Encoding, cut: boolean): string {
  return new TextDecoder(encoding).decode(bytes, { stream: cut })
}

const SEPARATORS: readonly Separator[] = [',', ';', '\t']

/** The one that stands most often, outside quotation marks, in one of the first lines; a head has many columns. */
function separatorOf(text: string): Separator {
  const lines = text.replace(/"[^"]*"/g, '').split(/\r\n|\n|\r/, 10)
  const most = (separator: Separator): number => Math.max(...lines.map(line => line.split(separator).length))
  return SEPARATORS.reduce((best, each) => (most(each) > most(best) ? each : best))
}

function refuseOtherFormats(bytes: Buffer): void {
  const start = bytes.subarray(0, 4)
  if (start[0] === 0xff && start[1] === 0xfe || start[0] === 0xfe && start[1] === 0xff) throw new UnreadableFile('这个文本的编码是 UTF-16，请另存为 UTF-8 的 CSV 或 .xlsx')
  if (bytes.includes(0)) throw new UnreadableFile('这既不是 Excel 工作簿（.xlsx），也不是 CSV 文本')
  if (/^\s*<(!doctype|html|table|\?xml|head|meta)/i.test(bytes.toString('latin1', 0, 200))) throw new UnreadableFile('这是网页或 XML 格式的表格，请在 Excel 里打开后另存为 .xlsx')
}

function unreadable(error: unknown, row: number, encoding: Encoding): UnreadableFile {
  if (error instanceof UnreadableFile) return error
  if (error instanceof CsvError && /QUOTE|MAX_RECORD/.test(error.code)) return new UnreadableFile('第 {row} 行附近的引号没有配对，后面的内容连成了一片', { params: { row }, cause: error })
  if (error instanceof TypeError) return new UnreadableFile('按 {encoding} 读不出这个文件，请换一种编码', { params: { encoding: encoding.toUpperCase() }, cause: error })
  return new UnreadableFile('第 {row} 行读不出来', { params: { row }, cause: error })
}
