import { inflateSync } from 'node:zlib'

/** A letter as an SVG path, in font units with y downwards; `advance` and `em` in the same units. */
export type Outline = { path: string; advance: number; em: number }

export type Font = {
  /** Is there a glyph for this code point? */
  covers(codePoint: number): boolean
  /** The letter's shape, or undefined where the font has none. */
  outline(codePoint: number): Outline | undefined
}

/**
 * Reads a WOFF 1 file with TrueType outlines. WOFF 1 rather than 2, because its tables are only deflated, not transformed.
 * Layout: W3C "WOFF File Format 1.0" §4, OpenType "cmap", "loca", "glyf".
 */
export function readWoff(file: Buffer): Font {
  const tables = new Map<string, () => Buffer>()
  for (let i = 0; i < file.readUInt16BE(12); i++) {
    const entry = 44 + 20 * i
    tables.set(file.toString('latin1', entry, entry + 4), () => readTable(file, entry))
  }
  const table = (name: string): Buffer => {
    const read = tables.get(name)
    if (!read) throw new Error(`font without table ${name}`)
    return read()
  }
  const glyphOf = readCmap(table('cmap'))
  let shapes: ReturnType<typeof readShapes> | undefined
  return {
    covers: codePoint => glyphOf(codePoint) !== 0,
    outline(codePoint) {
      const glyph = glyphOf(codePoint)
      shapes ??= readShapes(table)
      return glyph === 0 ? undefined : shapes(glyph)
    },
  }
}

function readTable(file: Buffer, entry: number): Buffer {
  const offset = file.readUInt32BE(entry + 4)
  const packed = file.readUInt32BE(entry + 8)
  const length = file.readUInt32BE(entry + 12)
  const bytes = file.subarray(offset, offset + packed)
  return packed < length ? inflateSync(bytes) : bytes
}

function readCmap(cmap: Buffer): (codePoint: number) => number {
  const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, i) => cmap.subarray(cmap.readUInt32BE(8 + 8 * i)))
  const wide = subtables.find(subtable => subtable.readUInt16BE(0) === 12)
  const narrow = subtables.find(subtable => subtable.readUInt16BE(0) === 4)
  return codePoint => (wide && glyphInGroups(wide, codePoint)) || (narrow && glyphInSegments(narrow, codePoint)) || 0
}

// cmap format 12: groups of code points with consecutive glyphs.
function glyphInGroups(subtable: Buffer, codePoint: number): number {
  for (let i = 0; i < subtable.readUInt32BE(12); i++) {
    const group = 16 + 12 * i
    const first = subtable.readUInt32BE(group)
    if (codePoint >= first && codePoint <= subtable.readUInt32BE(group + 4)) return subtable.readUInt32BE(group + 8) + codePoint - first
  }
  return 0
}

// cmap format 4: the Basic Multilingual Plane in segments, as parallel arrays of end, start, delta and range offset.
function glyphInSegments(subtable: Buffer, codePoint: number): number {
  if (codePoint > 0xffff) return 0
  const size = subtable.readUInt16BE(6)
  for (let i = 0; i < size; i += 2) {
    if (codePoint > subtable.readUInt16BE(14 + i)) continue
    const start = subtable.readUInt16BE(16 + size + i)
    if (codePoint < start) return 0
    const delta = subtable.readUInt16BE(16 + 2 * size + i)
    const at = 16 + 3 * size + i
    const range = subtable.readUInt16BE(at)
    if (range === 0) return (codePoint + delta) & 0xffff
    const glyph = subtable.readUInt16BE(at + range + 2 * (codePoint - start))
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff
  }
  return 0
}

function readShapes(table: (name: string) => Buffer): (glyph: number) => Outline {
  const head = table('head')
  const loca = table('loca')
  const glyf = table('glyf')
  const hmtx = table('hmtx')
  const em = head.readUInt16BE(18)
  const long = head.readInt16BE(50) === 1
  const metrics = table('hhea').readUInt16BE(34)
  const offset = (glyph: number) => long ? loca.readUInt32BE(4 * glyph) : 2 * loca.readUInt16BE(2 * glyph)
  return glyph => ({
    em,
    advance: hmtx.readUInt16BE(4 * Math.min(glyph, metrics - 1)),
    path: shape(glyf.subarray(offset(glyph), offset(glyph + 1))),
  })
}

type Point = { x: number; y: number; on: boolean }

function shape(glyph: Buffer): string {
  if (glyph.length === 0) return ''
  const contours = glyph.readInt16BE(0)
  if (contours < 0) throw new Error('a composite glyph has no outline of its own')
  const ends = Array.from({ length: contours }, (_, i) => glyph.readUInt16BE(10 + 2 * i))
  const points = readPoints(glyph, 12 + 2 * contours + glyph.readUInt16BE(10 + 2 * contours), (ends.at(-1) ?? -1) + 1)
  return ends.map((end, i) => contour(points.slice(i === 0 ? 0 : (ends[i - 1] ?? 0) + 1, end + 1))).join('')
}

// Flags of a simple glyph: 1 on the curve, 2 and 4 short x and y, 8 repeat, 16 and 32 same or positive x and y.
function readPoints(glyph: Buffer, start: number, count: number): Point[] {
  let at = start
  const flags: number[] = []
  while (flags.length < count) {
    const flag = glyph.readUInt8(at++)
    flags.push(flag)
    if (flag & 8) for (let more = glyph.readUInt8(at++); more > 0; more--) flags.push(flag)
  }
  const along = (short: number, same: number): number[] => {
    let value = 0
    return flags.map(flag => {
      if (flag & short) value += flag & same ? glyph.readUInt8(at++) : -glyph.readUInt8(at++)
      else if (!(flag & same)) { value += glyph.readInt16BE(at); at += 2 }
      return value
    })
  }
  const xs = along(2, 16)
  const ys = along(4, 32)
  return flags.map((flag, i) => ({ x: xs[i] ?? 0, y: -(ys[i] ?? 0), on: (flag & 1) === 1 }))
}

// Quadratic curves; between two points off the curve lies one on it, half-way.
function contour(points: Point[]): string {
  const first = points.findIndex(point => point.on)
  if (first < 0) return ''
  const ring = [...points.slice(first), ...points.slice(0, first + 1)]
  let path = `M${ring[0]?.x} ${ring[0]?.y}`
  for (let i = 1; i < ring.length; i++) {
    const point = ring[i]
    const next = ring[i + 1]
    if (!point) break
    if (point.on) path += `L${point.x} ${point.y}`
    else if (next?.on) { path += `Q${point.x} ${point.y} ${next.x} ${next.y}`; i++ }
    else if (next) path += `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`
  }
  return `${path}Z`
}
