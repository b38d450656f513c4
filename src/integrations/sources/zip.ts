import { createInflateRaw, inflateRawSync } from 'node:zlib'

/** Why the bytes are not taken; the message is a phrase for the reader. Plain, because it crosses a worker's boundary. */
export class UnreadableFile extends Error {
  readonly params: Record<string, string | number> | undefined
  constructor(message: string, options: { params?: Record<string, string | number>; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.params = options.params
  }
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
export const DAMAGED = '文件损坏，打不开'
const TOO_LARGE = '文件展开后太大，请分成几份'
const CHUNK = 64 * 1024

type Entry = { name: string; method: number; packed: Buffer }

/** The parts of an archive, read under limits on what comes out: what an entry claims about its size is not believed. */
export type Archive = {
  has(name: string): boolean
  /** the whole part, at most `most` bytes; empty where there is none */
  whole(name: string, most: number): Buffer
  /** the part piece by piece, at most `most` bytes in all, with the share of it (0 to 1) that was read */
  pieces(name: string, most: number): AsyncGenerator<{ bytes: Buffer; share: number }>
}

/** Opens the bytes of a workbook. Throws UnreadableFile for what is none. */
export function openArchive(bytes: Buffer, most: number): Archive {
  if (isOldOffice(bytes)) throw new UnreadableFile('这是旧格式（.xls）或加了密码的文件，请另存为不加密的 .xlsx')
  const entries = new Map(listEntries(bytes, most).map(entry => [entry.name, entry]))
  return {
    has: name => entries.has(name),
    whole(name, limit) {
      const entry = entries.get(name)
      return entry ? unpack(entry, limit) : Buffer.alloc(0)
    },
    async *pieces(name, limit) {
      const entry = entries.get(name)
      if (entry) yield* unpackPieces(entry, limit)
    },
  }
}

export function isArchive(bytes: Buffer): boolean {
  return bytes.length >= 22 && bytes.readUInt32LE(0) === LOCAL
}

/** The container of .xls and of workbooks with a password. */
export function isOldOffice(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))
}

function listEntries(bytes: Buffer, max: number): Entry[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== END) throw new UnreadableFile(DAMAGED)
  const count = bytes.readUInt16LE(end + 10)
  if (count > max) throw new UnreadableFile('文件里的部件太多，不像一份名单')
  const entries: Entry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let n = 0; n < count; n++) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== CENTRAL) throw new UnreadableFile(DAMAGED)
    if (bytes.readUInt16LE(at + 8) & 1) throw new UnreadableFile('文件加了密码，请去掉密码再上传')
    const lengths = [28, 30, 32].map(offset => bytes.readUInt16LE(at + offset))
    const name = bytes.toString('utf8', at + 46, at + 46 + (lengths[0] ?? 0))
    entries.push({ name, method: bytes.readUInt16LE(at + 10), packed: bodyOf(bytes, bytes.readUInt32LE(at + 42), bytes.readUInt32LE(at + 20)) })
    at += 46 + lengths.reduce((sum, length) => sum + length, 0)
  }
  return entries
}

function bodyOf(bytes: Buffer, at: number, length: number): Buffer {
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL) throw new UnreadableFile(DAMAGED)
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
  if (start + length > bytes.length) throw new UnreadableFile(DAMAGED)
  return bytes.subarray(start, start + length)
}

function unpack({ method, packed }: Entry, most: number): Buffer {
  if (method === 0 && packed.length > most) throw new UnreadableFile(TOO_LARGE)
  if (method === 0) return packed
  if (method !== 8) throw new UnreadableFile(DAMAGED)
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(most, 1) })
  } catch (error) {
    throw new UnreadableFile(error instanceof RangeError ? TOO_LARGE : DAMAGED, { cause: error })
  }
}

async function* unpackPieces({ method, packed }: Entry, most: number): AsyncGenerator<{ bytes: Buffer; share: number }> {
  if (method !== 0 && method !== 8) throw new UnreadableFile(DAMAGED)
  let read = 0
  const stream = method === 8 ? createInflateRaw({ chunkSize: CHUNK }) : null
  stream?.end(packed)
  try {
    for await (const bytes of stream ?? slices(packed)) {
      if (!Buffer.isBuffer(bytes)) continue
      read += bytes.length
      if (read > most) throw new UnreadableFile(TOO_LARGE)
      yield { bytes, share: Math.min((stream ? stream.bytesWritten : read) / Math.max(packed.length, 1), 1) }
    }
  } catch (error) {
    throw error instanceof UnreadableFile ? error : new UnreadableFile(DAMAGED, { cause: error })
  }
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
}
