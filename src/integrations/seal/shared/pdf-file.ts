import { text } from './bytes.ts'
import { type Cursor, type Dict, expect, isArray, isDict, isRef, type PdfObject, readCount, readObject, readValue, readWord, skipSpace, Unreadable, type Value } from './pdf-values.ts'

/** Finds objects of a file as it was at one of its ends. */
export type Revision = { trailer: Dict; /** where its cross-reference begins */ begins: number; get(number: number): Promise<PdfObject | undefined> }

/** What was appended at one time, every byte of it read. */
export type Update = { objects: ReadonlyMap<number, PdfObject>; trailer: Dict; begins: number; to: number }

/** null: given up, so that an earlier place does not hold any more */
type Place = { at: number } | { within: number } | null
type Section = { places: Map<number, Place>; trailer: Dict }

const MOST_SECTIONS = 64
const MOST_OBJECTS = 200_000
const LARGEST_TABLE = 16 * 1024 * 1024
const LONGEST_UPDATES = 8 * 1024 * 1024

/** The file as it was when it ended at `end`, by its cross-references (§7.5.4–7.5.8). Throws `Unreadable`. */
export async function openRevision(bytes: Uint8Array, end: number): Promise<Revision> {
  const begins = lastStart(bytes, end)
  const places = new Map<number, Place>()
  let trailer: Dict | null = null
  const seen = new Set<number>()
  for (let at: Value | undefined = begins; at !== undefined;) {
    if (typeof at !== 'number' || at >= end || seen.has(at) || seen.size > MOST_SECTIONS) throw new Unreadable('cross-references in a circle')
    seen.add(at)
    const section: Section = await readSection({ bytes, at, end })
    for (const [number, place] of section.places) if (!places.has(number)) places.set(number, place)
    trailer ??= section.trailer
    at = section.trailer.get('/Prev')
  }
  if (!trailer) throw new Unreadable('no trailer')
  return { trailer, begins, get: finder(bytes, end, places) }
}

function finder(bytes: Uint8Array, end: number, places: ReadonlyMap<number, Place>): Revision['get'] {
  const kept = new Map<number, readonly PdfObject[]>()
  const direct = (number: number): PdfObject => {
    const place = places.get(number)
    if (!place || !('at' in place)) throw new Unreadable('no such object')
    const object = readObject({ bytes, at: place.at, end }, ref => {
      const length = direct(ref).value
      return typeof length === 'number' ? length : -1
    })
    if (object.number !== number) throw new Unreadable('an object of another number')
    return object
  }
  return async number => {
    const place = places.get(number)
    if (!place) return undefined
    if ('at' in place) return direct(number)
    const objects = kept.get(place.within) ?? await objectsWithin(bytes, direct(place.within))
    kept.set(place.within, objects)
    return objects.find(each => each.number === number)
  }
}

async function objectsWithin(bytes: Uint8Array, holder: PdfObject): Promise<PdfObject[]> {
  const { value } = holder
  const first = isDict(value) ? value.get('/First') : undefined
  const count = isDict(value) ? value.get('/N') : undefined
  if (typeof first !== 'number' || typeof count !== 'number' || count > MOST_OBJECTS) throw new Unreadable('no object stream')
  const inner = await inflated(bytes, holder)
  const head: Cursor = { bytes: inner, at: 0, end: inner.length }
  return Array.from({ length: count }, () => ({ number: readCount(head), at: first + readCount(head) }))
    .map(({ number, at }) => ({ number, from: holder.from, to: holder.to, value: readValue({ bytes: inner, at, end: inner.length }), stream: null }))
}

/** Where the last `startxref` before `end` points to. */
function lastStart(bytes: Uint8Array, end: number): number {
  const tail = text(bytes, Math.max(0, end - 1024), end)
  const start = /startxref\s+(\d{1,10})\s+%%EOF\s*$/.exec(tail)?.[1]
  if (!start) throw new Unreadable('no startxref')
  return Number(start)
}

async function readSection(cursor: Cursor): Promise<Section> {
  const from = cursor.at
  if (readWord(cursor) === 'xref') return readTable(cursor)
  cursor.at = from
  return readTableStream(cursor.bytes, readObject(cursor))
}

/** `xref` has been read. */
function readTable(cursor: Cursor): Section {
  const places = new Map<number, Place>()
  for (let word = readWord(cursor); word !== 'trailer'; word = readWord(cursor)) {
    const [first, count] = [Number(word), readCount(cursor)]
    if (!/^\d{1,10}$/.test(word) || count + places.size > MOST_OBJECTS) throw new Unreadable('no cross-reference')
    for (let number = first; number < first + count; number++) {
      const [at, generation, kind] = [readCount(cursor), readCount(cursor), readWord(cursor)]
      if (kind !== 'f' && (kind !== 'n' || generation !== 0)) throw new Unreadable('no cross-reference')
      places.set(number, kind === 'n' ? { at } : null)
    }
  }
  const trailer = readValue(cursor)
  if (!isDict(trailer) || trailer.has('/XRefStm')) throw new Unreadable('no trailer')
  return { places, trailer }
}

async function readTableStream(bytes: Uint8Array, object: PdfObject): Promise<Section> {
  const { value } = object
  if (!isDict(value) || value.get('/Type') !== '/XRef') throw new Unreadable('no cross-reference')
  const widths = numbersOf(value.get('/W'))
  const index = value.has('/Index') ? numbersOf(value.get('/Index')) : [0, ...numbersOf([value.get('/Size') ?? null])]
  const [kindWidth = 0, atWidth = 0, moreWidth = 0] = widths
  const width = kindWidth + atWidth + moreWidth
  if (widths.length !== 3 || widths.some(each => each > 8) || width === 0) throw new Unreadable('no widths')
  const rows = unpredicted(await inflated(bytes, object), value.get('/DecodeParms'), width)
  const places = new Map<number, Place>()
  let at = 0
  const next = (size: number) => rows.subarray(at, at += size).reduce((sum, byte) => sum * 256 + byte, 0)
  for (let i = 0; i + 1 < index.length; i += 2) {
    for (let n = 0; n < (index[i + 1] ?? 0); n++) {
      if (at + width > rows.length) throw new Unreadable('cross-references missing')
      const [kind, where] = [kindWidth === 0 ? 1 : next(kindWidth), next(atWidth)]
      next(moreWidth)
      places.set((index[i] ?? 0) + n, kind === 1 ? { at: where } : kind === 2 ? { within: where } : null)
    }
  }
  return { places, trailer: value }
}

function numbersOf(value: Value | undefined): number[] {
  if (!isArray(value) || !value.every(each => typeof each === 'number' && each >= 0)) throw new Unreadable('no numbers')
  return value.filter(each => typeof each === 'number')
}

// PNG's prediction "up" (§7.4.4.4), what writers of cross-reference streams use.
function unpredicted(bytes: Uint8Array, parms: Value | undefined, width: number): Uint8Array {
  const predictor = isDict(parms) ? parms.get('/Predictor') ?? 1 : 1
  if (predictor === 1) return bytes
  if (!isDict(parms) || parms.get('/Columns') !== width) throw new Unreadable('an unknown prediction')
  const rows = Math.floor(bytes.length / (width + 1))
  const plain = new Uint8Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const kind = bytes[row * (width + 1)]
    if (kind !== 0 && kind !== 2) throw new Unreadable('an unknown prediction')
    for (let i = 0; i < width; i++) {
      const above = kind === 2 && row > 0 ? plain[(row - 1) * width + i] ?? 0 : 0
      plain[row * width + i] = (bytes[row * (width + 1) + 1 + i] ?? 0) + above
    }
  }
  return plain
}

/** What a stream holds, unpacked; throws `Unreadable` where that is more than `most` bytes. */
export async function inflated(bytes: Uint8Array, { value, stream }: PdfObject, most = LARGEST_TABLE): Promise<Uint8Array> {
  const filter = isDict(value) ? value.get('/Filter') : undefined
  if (!stream) throw new Unreadable('no stream')
  if (stream[1] - stream[0] > most) throw new Unreadable('more than it should be')
  const raw = bytes.slice(...stream)
  if (filter === undefined) return raw
  if (filter !== '/FlateDecode' && wordsOfOne(filter) !== '/FlateDecode') throw new Unreadable('an unknown filter')
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of chunks(new Blob([raw]).stream().pipeThrough(new DecompressionStream('deflate')))) {
    size += piece.length
    if (size > most) throw new Unreadable('more than it should unpack to')
    pieces.push(piece)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

const wordsOfOne = (value: Value): Value | undefined => isArray(value) && value.length === 1 ? value[0] : undefined

// Not every browser can walk over a stream with `for await`.
async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/**
 * What was appended after `from`, update by update. Every byte must belong to an object, a cross-reference that names exactly
 * these objects at exactly their places, or its trailer: then all readers see the same, whichever way they look for objects.
 */
export async function readUpdates(bytes: Uint8Array, from: number, before: Revision): Promise<Update[]> {
  if (bytes.length - from > LONGEST_UPDATES) throw new Unreadable('too much')
  const updates: Update[] = []
  const cursor: Cursor = { bytes, at: from, end: bytes.length }
  for (let begins = before.begins; ; begins = updates.at(-1)?.begins ?? begins) {
    skipSpace(cursor)
    if (cursor.at === cursor.end) return updates
    if (updates.length > MOST_SECTIONS) throw new Unreadable('too many updates')
    const update = await readUpdate(cursor)
    if (update.trailer.get('/Prev') !== begins) throw new Unreadable('cross-references that lead elsewhere')
    updates.push(update)
  }
}

async function readUpdate(cursor: Cursor): Promise<Update> {
  const { bytes } = cursor
  const objects = new Map<number, PdfObject>()
  for (;;) {
    skipSpace(cursor)
    const at = cursor.at
    if (readWord(cursor) === 'xref') return closed(cursor, at, objects, readTable(cursor))
    cursor.at = at
    const object = readObject(cursor)
    if (isDict(object.value) && object.value.get('/Type') === '/XRef') return closed(cursor, at, objects, await readTableStream(bytes, object), object.number)
    if (objects.has(object.number) || objects.size > MOST_OBJECTS) throw new Unreadable('an object twice')
    objects.set(object.number, object)
  }
}

function closed(cursor: Cursor, begins: number, objects: Map<number, PdfObject>, { places, trailer }: Section, own?: number): Update {
  expect(cursor, 'startxref')
  if (readCount(cursor) !== begins) throw new Unreadable('a startxref that leads elsewhere')
  skipSpace(cursor)
  if (text(cursor.bytes, cursor.at, cursor.at + 5) !== '%%EOF') throw new Unreadable('no end of file')
  cursor.at += 5
  const named = [...places].filter(([number, place]) => number !== own && (number !== 0 || place !== null))
  const right = named.length === objects.size && named.every(([number, place]) => place !== null && 'at' in place && objects.get(number)?.from === place.at)
  if (!right || trailer.has('/Encrypt') || !isRef(trailer.get('/Root'))) throw new Unreadable('a cross-reference that names other objects')
  return { objects, trailer, begins, to: cursor.at }
}
