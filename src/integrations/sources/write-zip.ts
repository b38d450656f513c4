import { Readable } from 'node:stream'
import { createDeflateRaw, crc32 } from 'node:zlib'
import { schoolTime } from '../../platform/dates.ts'

type Pieces = Iterable<string> | AsyncIterable<string> | AsyncIterable<Uint8Array>

/** What is whole is stored as it is, what comes in pieces is packed as it comes. `at`: epoch ms; 1980 where absent. */
export type ZipPart = { name: string; at?: number; body: Uint8Array | Pieces }

const MOST_PARTS = 65_535
const MOST_BYTES = 0xffff_ffff

/** An archive, written while its parts arrive: one part at a time is in memory. Fails where it would need ZIP64 (65,536 parts or 4 GB). */
export function writeZip(parts: Iterable<ZipPart> | AsyncIterable<ZipPart>): Readable {
  return Readable.from(archive(parts), { objectMode: false })
}

async function* archive(parts: Iterable<ZipPart> | AsyncIterable<ZipPart>): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = []
  let offset = 0
  for await (const part of parts) {
    const entry: Entry = { name: Buffer.from(part.name), date: dosDate(part.at), packed: !(part.body instanceof Uint8Array), crc: 0, inside: 0, size: 0 }
    const start = offset
    for await (const piece of written(entry, part.body)) {
      yield piece
      offset += piece.length
    }
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), fields(entry, entry), place(start), entry.name]))
    if (directory.length > MOST_PARTS || offset > MOST_BYTES) throw new Error('the archive would be too large')
  }
  const central = Buffer.concat(directory)
  yield central
  yield end(directory.length, central.length, offset)
}

type Sizes = { crc: number; inside: number; size: number }
type Entry = Sizes & { name: Buffer; date: number; /** deflated, its sizes told behind it */ packed: boolean }

const UNKNOWN: Sizes = { crc: 0, inside: 0, size: 0 }

async function* written(entry: Entry, body: ZipPart['body']): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) {
    Object.assign(entry, { crc: crc32(body), inside: body.length, size: body.length })
    yield head(entry, entry)
    yield body
    return
  }
  yield head(entry, UNKNOWN)
  for await (const piece of Readable.from(counted(body, entry), { objectMode: false }).compose(createDeflateRaw({ level: 6 }))) {
    if (!Buffer.isBuffer(piece)) continue
    entry.inside += piece.length
    yield piece
  }
  yield Buffer.concat([Buffer.from('504b0708', 'hex'), numbers(entry)])
}

async function* counted(pieces: Pieces, sizes: Sizes): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece)
    sizes.crc = crc32(bytes, sizes.crc)
    sizes.size += bytes.length
    yield bytes
  }
}

function head(entry: Entry, sizes: Sizes): Buffer {
  return Buffer.concat([Buffer.from('504b0304', 'hex'), fields(entry, sizes), entry.name])
}

/** What both headers of a part share; names are UTF-8 (bit 11), of what is packed checksum and sizes follow it (bit 3). */
function fields({ name, date, packed }: Entry, sizes: Sizes): Buffer {
  const made = Buffer.alloc(26)
  made.writeUInt16LE(20, 0)
  made.writeUInt16LE(packed ? 0x0808 : 0x0800, 2)
  made.writeUInt16LE(packed ? 8 : 0, 4)
  made.writeUInt32LE(date, 6)
  numbers(sizes).copy(made, 10)
  made.writeUInt16LE(name.length, 22)
  return made
}

/** Time in the lower half, date in the upper one, as the school's clocks show it. */
function dosDate(at: number | undefined): number {
  if (at === undefined) return 0x0021_0000 // 1980-01-01
  const { date, time } = schoolTime(at)
  const [year = 1980, month = 1, day = 1] = date.split('-').map(Number)
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return (((year - 1980) << 9 | month << 5 | day) << 16 | hour << 11 | minute << 5) >>> 0
}

function numbers({ crc, inside, size }: Sizes): Buffer {
  const made = Buffer.alloc(12)
  made.writeUInt32LE(crc, 0)
  made.writeUInt32LE(inside, 4)
  made.writeUInt32LE(size, 8)
  return made
}

function place(offset: number): Buffer {
  const made = Buffer.alloc(14)
  made.writeUInt32LE(offset, 10)
  return made
}

function end(count: number, size: number, offset: number): Buffer {
  const made = Buffer.alloc(22)
  made.write('504b0506', 'hex')
  made.writeUInt16LE(count, 8)
  made.writeUInt16LE(count, 10)
  made.writeUInt32LE(size, 12)
  made.writeUInt32LE(offset, 16)
  return made
}
