import { text } from './bytes.ts'

// PDF values (ISO 32000-1 §7.3), read strictly: what another reader might read in another way is not read at all.

/** Names begin with `/`, strings with `(` and go on in hex, so that the two are never the same. */
export type Value = null | boolean | number | string | Ref | readonly Value[] | Dict
export type Ref = { readonly ref: number }
export interface Dict extends ReadonlyMap<string, Value> {}

/** An object as it stands in a file; `stream`: where its bytes are. */
export type PdfObject = { number: number; from: number; to: number; value: Value; stream: [from: number, to: number] | null }

/** A place in a file, moved on by who reads. */
export type Cursor = { readonly bytes: Uint8Array; at: number; readonly end: number }

export class Unreadable extends Error {}

const DEEPEST = 40
const SPACE = new Set([0, 9, 10, 12, 13, 32])
const DELIMITERS = new Set(Array.from('()<>[]{}/%', letter => letter.charCodeAt(0)))

export const isDict = (value: Value | undefined): value is Dict => value instanceof Map
export const isArray = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)
export const isRef = (value: Value | undefined): value is Ref => typeof value === 'object' && value !== null && 'ref' in value

/** Two values that say the same have the same words. */
export function wordsOf(value: Value | undefined): string {
  if (isDict(value)) return `<${[...value].map(([key, each]) => `${key} ${wordsOf(each)}`).toSorted().join()}>`
  if (isArray(value)) return `[${value.map(wordsOf).join()}]`
  return isRef(value) ? `${value.ref} R` : String(value)
}

export function skipSpace(cursor: Cursor): void {
  while (cursor.at < cursor.end && SPACE.has(cursor.bytes[cursor.at] ?? -1)) cursor.at++
}

/** The next run of letters that are neither space nor delimiters. */
export function readWord(cursor: Cursor): string {
  skipSpace(cursor)
  const from = cursor.at
  while (cursor.at < cursor.end && !SPACE.has(cursor.bytes[cursor.at] ?? -1) && !DELIMITERS.has(cursor.bytes[cursor.at] ?? -1)) cursor.at++
  return text(cursor.bytes, from, cursor.at)
}

export function expect(cursor: Cursor, word: string): void {
  if (readWord(cursor) !== word) throw new Unreadable(`no ${word}`)
}

/** A whole number that is not negative. */
export function readCount(cursor: Cursor): number {
  const word = readWord(cursor)
  if (!/^\d{1,10}$/.test(word)) throw new Unreadable('no number')
  return Number(word)
}

const letterAt = ({ bytes, at, end }: Cursor, further = 0) => at + further < end ? String.fromCharCode(bytes[at + further] ?? 0) : ''

export function readValue(cursor: Cursor, depth = 0): Value {
  if (depth > DEEPEST) throw new Unreadable('nested too deeply')
  skipSpace(cursor)
  switch (letterAt(cursor)) {
    case '/': return readName(cursor)
    case '(': return readString(cursor)
    case '[': return readArray(cursor, depth)
    case '<': return letterAt(cursor, 1) === '<' ? readDict(cursor, depth) : readHex(cursor)
    default: return readPlain(cursor)
  }
}

function readName(cursor: Cursor): string {
  cursor.at++
  return `/${readNameWord(cursor)}`
}

// A name directly after its slash, its #-escapes resolved.
function readNameWord(cursor: Cursor): string {
  if (SPACE.has(cursor.bytes[cursor.at] ?? -1)) return ''
  return readWord(cursor).replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function readString(cursor: Cursor): string {
  const from = cursor.at
  for (let open = 0; cursor.at < cursor.end; cursor.at++) {
    const letter = letterAt(cursor)
    if (letter === '\\') cursor.at++
    else if (letter === '(') open++
    else if (letter === ')' && --open === 0) {
      cursor.at++
      return text(cursor.bytes, from, cursor.at)
    }
  }
  throw new Unreadable('a string without end')
}

function readHex(cursor: Cursor): string {
  const to = cursor.bytes.indexOf(0x3e, cursor.at)
  const hex = text(cursor.bytes, cursor.at + 1, to)
  if (to < 0 || to >= cursor.end || !/^[0-9A-Fa-f\s]*$/.test(hex)) throw new Unreadable('no hexadecimal string')
  cursor.at = to + 1
  return `(<${hex.toLowerCase()}`
}

function readArray(cursor: Cursor, depth: number): Value[] {
  const values: Value[] = []
  cursor.at++
  for (;;) {
    skipSpace(cursor)
    if (letterAt(cursor) === ']') break
    values.push(readValue(cursor, depth + 1))
  }
  cursor.at++
  return values
}

function readDict(cursor: Cursor, depth: number): Dict {
  const dict = new Map<string, Value>()
  cursor.at += 2
  for (;;) {
    skipSpace(cursor)
    if (letterAt(cursor) === '>' && letterAt(cursor, 1) === '>') break
    if (letterAt(cursor) !== '/') throw new Unreadable('no key')
    const key = readName(cursor)
    // Of two entries of one name one reader takes the first and another the last.
    if (dict.has(key)) throw new Unreadable('a key twice')
    dict.set(key, readValue(cursor, depth + 1))
  }
  cursor.at += 2
  return dict
}

function readPlain(cursor: Cursor): Value {
  const word = readWord(cursor)
  if (word === 'true' || word === 'false') return word === 'true'
  if (word === 'null') return null
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(word)) throw new Unreadable('no value')
  return /^\d{1,10}$/.test(word) ? refAfter(cursor, Number(word)) ?? Number(word) : Number(word)
}

// `12 0 R`: three words that are one value.
function refAfter(cursor: Cursor, ref: number): Ref | null {
  const back = cursor.at
  if (readWord(cursor) === '0' && readWord(cursor) === 'R') return { ref }
  cursor.at = back
  return null
}

/** `12 0 obj … endobj`, the cursor before its number. The length of a stream must stand in it, or be found by `lengthOf`. */
export function readObject(cursor: Cursor, lengthOf?: (ref: number) => number): PdfObject {
  skipSpace(cursor)
  const from = cursor.at
  const number = readCount(cursor)
  expect(cursor, '0')
  expect(cursor, 'obj')
  const value = readValue(cursor)
  const word = readWord(cursor)
  const stream = word === 'stream' && isDict(value) ? readStream(cursor, value.get('/Length'), lengthOf) : null
  if (word !== 'endobj' && !stream) throw new Unreadable('no end of an object')
  return { number, from, to: cursor.at, value, stream }
}

function readStream(cursor: Cursor, length: Value | undefined, lengthOf?: (ref: number) => number): [number, number] {
  if (letterAt(cursor) === '\r') cursor.at++
  if (letterAt(cursor) !== '\n') throw new Unreadable('no line break after stream')
  cursor.at++
  const bytes = isRef(length) && lengthOf ? lengthOf(length.ref) : length
  if (typeof bytes !== 'number' || !Number.isInteger(bytes) || bytes < 0 || cursor.at + bytes > cursor.end) throw new Unreadable('a stream without length')
  const from = cursor.at
  cursor.at += bytes
  expect(cursor, 'endstream')
  expect(cursor, 'endobj')
  return [from, from + bytes]
}
