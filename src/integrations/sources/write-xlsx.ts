import type { Readable } from 'node:stream'
import { writeZip, type ZipPart } from './write-zip.ts'

export type Sheet = {
  name: string
  /** characters that fit, by column */
  widths: readonly number[]
  head: readonly string[]
  rows: Iterable<readonly string[]> | AsyncIterable<readonly string[]>
  /** columns (from 0) in which Excel offers these words and warns of others */
  choices?: readonly { column: number; words: readonly string[] }[]
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

/**
 * A workbook, written while its rows arrive. Every cell is text, in columns of text: leading zeros and long numbers stay as they are,
 * and nothing in them can be a formula.
 */
export function writeXlsx(sheets: readonly Sheet[]): Readable {
  return writeZip(partsOf(sheets))
}

function* partsOf(sheets: readonly Sheet[]): Generator<ZipPart> {
  yield { name: '[Content_Types].xml', body: [contentTypes(sheets)] }
  yield { name: '_rels/.rels', body: [relations([['officeDocument', 'xl/workbook.xml']])] }
  yield { name: 'xl/workbook.xml', body: [workbook(sheets)] }
  yield { name: 'xl/_rels/workbook.xml.rels', body: [relations([...sheets.map((_, at): [string, string] => ['worksheet', `worksheets/sheet${at + 1}.xml`]), ['styles', 'styles.xml']])] }
  yield { name: 'xl/styles.xml', body: [styles()] }
  for (const [at, sheet] of sheets.entries()) yield { name: `xl/worksheets/sheet${at + 1}.xml`, body: worksheet(sheet) }
}

const PIECE = 32 * 1024

async function* worksheet({ widths, head, rows, choices = [] }: Sheet): AsyncGenerator<string> {
  const columns = head.map((_, at) => `<col min="${at + 1}" max="${at + 1}" width="${widths[at] ?? 16}" style="1" customWidth="1"/>`).join('')
  let text = `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns}</cols><sheetData>${line(1, head, 2)}`
  let number = 1
  for await (const row of rows) {
    text += line(number += 1, row, 1)
    if (text.length < PIECE) continue
    yield text
    text = ''
  }
  yield `${text}</sheetData>${validations(choices)}</worksheet>`
}

function line(number: number, cells: readonly string[], style: number): string {
  const inside = cells.map((cell, at) => (cell === '' ? '' : `<c r="${letters(at)}${number}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`)).join('')
  return `<row r="${number}">${inside}</row>`
}

/** A list of words may be 255 characters long; a longer one is only explained. */
function validations(choices: readonly { column: number; words: readonly string[] }[]): string {
  const fitting = choices.filter(({ words }) => words.join(',').length <= 250 && words.every(word => !word.includes(',')))
  if (fitting.length === 0) return ''
  const each = fitting.map(({ column, words }) => `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${letters(column)}2:${letters(column)}60000"><formula1>"${escaped(words.join(','))}"</formula1></dataValidation>`)
  return `<dataValidations count="${each.length}">${each.join('')}</dataValidations>`
}

/** 0 → A, 26 → AA */
function letters(column: number): string {
  const rest = Math.floor(column / 26)
  return (rest > 0 ? letters(rest - 1) : '') + String.fromCodePoint(65 + (column % 26))
}

// Control characters may not stand in XML at all.
function escaped(text: string): string {
  return text.replace(/[\p{Cc}--[\t\n]]/gv, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function contentTypes(sheets: readonly Sheet[]): string {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const overrides = sheets.map((_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${type}.worksheet+xml"/>`).join('')
  return `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
    + `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${overrides}</Types>`
}

function relations(targets: readonly [string, string][]): string {
  const each = targets.map(([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`)
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`
}

function workbook(sheets: readonly Sheet[]): string {
  const each = sheets.map(({ name }, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each.join('')}</sheets></workbook>`
}

/** 0 plain, 1 text (format 49, wrapped to its top), 2 the head. */
function styles(): string {
  return `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts>`
    + '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF7"/></patternFill></fill></fills>'
    + '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    + '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    + '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/></cellXfs></styleSheet>'
}
