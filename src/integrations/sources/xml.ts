import { DAMAGED, UnreadableFile } from './zip.ts'

/** Names come without their prefix; attributes as they are written, for `attribute` to look into. */
export type XmlHandler = { open(name: string, attributes: string): void; close(name: string): void; text(text: string): void }

/** Longer than any tag of a workbook, and than what Excel keeps in a cell (32,767 characters) written as entities. */
const LONGEST_TAG = 64 * 1024
const LONGEST_TEXT = 512 * 1024

/**
 * Reads XML as it arrives, keeping nothing: what workbooks are written in, and no more. There are no declared entities
 * (a document type is refused), so nothing in a file can grow.
 */
export function xmlReader(handler: XmlHandler): { write(piece: string): void } {
  let rest = ''
  return {
    write(piece) {
      const xml = rest + piece
      let at = 0
      for (;;) {
        const tag = xml.indexOf('<', at)
        if (tag < 0) break
        if (tag > at) handler.text(plain(xml.slice(at, tag)))
        at = tag
        const end = markup(handler, xml, tag)
        if (end < 0) break
        at = end
      }
      rest = xml.slice(at)
      if (rest.length > LONGEST_TEXT) throw new UnreadableFile('有一格的内容太长，不像一份名单')
    },
  }
}

/** Where the markup at `tag` ends; -1 where its end has not arrived. */
function markup(handler: XmlHandler, xml: string, tag: number): number {
  const next = xml.codePointAt(tag + 1)
  if (next === undefined) return -1
  if (next === 0x21) return declaration(handler, xml, tag)
  if (next === 0x3f) return after(xml, '?>', tag)
  const end = endOfTag(xml, tag)
  if (end < 0) {
    if (xml.length - tag > LONGEST_TAG) throw new UnreadableFile(DAMAGED)
    return -1
  }
  if (next === 0x2f) {
    handler.close(localName(xml.slice(tag + 2, end - 1).trim()))
    return end
  }
  const empty = xml.codePointAt(end - 2) === 0x2f
  const inside = xml.slice(tag + 1, empty ? end - 2 : end - 1)
  const space = inside.search(/\s/)
  const name = localName(space < 0 ? inside : inside.slice(0, space))
  handler.open(name, space < 0 ? '' : inside.slice(space))
  if (empty) handler.close(name)
  return end
}

function declaration(handler: XmlHandler, xml: string, tag: number): number {
  if (xml.startsWith('<!--', tag)) return after(xml, '-->', tag + 4)
  if (xml.startsWith('<![CDATA[', tag)) {
    const end = xml.indexOf(']]>', tag)
    if (end < 0) return -1
    handler.text(xml.slice(tag + 9, end))
    return end + 3
  }
  if (xml.length - tag < 9) return -1
  throw new UnreadableFile('文件里有不该有的声明（DOCTYPE），不能读取')
}

function after(xml: string, words: string, from: number): number {
  const found = xml.indexOf(words, from)
  return found < 0 ? -1 : found + words.length
}

function endOfTag(xml: string, from: number): number {
  let quote = 0
  for (let at = from + 1; at < xml.length; at++) {
    const letter = xml.charCodeAt(at) // oxlint-disable-line unicorn/prefer-code-point -- four of a million calls would differ, none of them here
    if (quote !== 0) quote = letter === quote ? 0 : quote
    else if (letter === 0x22 || letter === 0x27) quote = letter
    else if (letter === 0x3e) return at + 1
  }
  return -1
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** The value of an attribute, whatever its prefix. */
export function attribute(attributes: string, name: string): string | null {
  for (let at = attributes.indexOf(name); at >= 0; at = attributes.indexOf(name, at + 1)) {
    if (!/[\s:]/.test(attributes[at - 1] ?? '')) continue
    const value = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes.slice(at + name.length))
    if (value) return plain(value[1] ?? value[2] ?? '')
  }
  return null
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function plain(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (_, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (name !== undefined) {
      const known = NAMED[name]
      if (known === undefined) throw new UnreadableFile('文件里有不该有的声明（DOCTYPE），不能读取')
      return known
    }
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD'
  })
}
