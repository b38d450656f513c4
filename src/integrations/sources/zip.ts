import { crc32, inflateRawSync } from 'node:zlib'

/** Why the bytes are not taken; the message is a phrase for the reader. Plain, because it crosses a worker's boundary. */
export class UnreadableFile extends Error {}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const DAMAGED = '文件损坏，打不开'
const TOO_LARGE = '文件展开后太大，请分成几份'

type Entry = { name: string; method: number; packed: number; at: number }

/**
 * Unpacks the XML parts of an .xlsx under a limit on what comes out, and packs them again uncompressed with honest sizes.
 * A reader of the result meets no bomb, no false size and no entry that another reader would see differently.
 */
export function safeXlsx(bytes: Buffer, limits: { unpacked: number; entries: number }): Buffer {
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) throw new UnreadableFile('这是旧格式（.xls）或加了密码的文件，请另存为不加密的 .xlsx')
  if (bytes.length < 22 || bytes.readUInt32LE(0) !== LOCAL) throw new UnreadableFile('这不是 Excel 工作簿（.xlsx）')
  const entries = listEntries(bytes, limits.entries).filter(entry => /\.(xml|rels)$/i.test(entry.name))
  if (!entries.some(entry => entry.name === 'xl/workbook.xml')) throw new UnreadableFile('这不是 Excel 工作簿（.xlsx）')
  let left = limits.unpacked
  return pack(entries.map(entry => {
    const data = unpack(bytes, entry, left)
    left -= data.length
    return { name: entry.name, data }
  }))
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
    entries.push({ name, method: bytes.readUInt16LE(at + 10), packed: bytes.readUInt32LE(at + 20), at: bytes.readUInt32LE(at + 42) })
    at += 46 + lengths.reduce((sum, length) => sum + length, 0)
  }
  return entries
}

function unpack(bytes: Buffer, entry: Entry, left: number): Buffer {
  if (entry.at + 30 > bytes.length || bytes.readUInt32LE(entry.at) !== LOCAL) throw new UnreadableFile(DAMAGED)
  const start = entry.at + 30 + bytes.readUInt16LE(entry.at + 26) + bytes.readUInt16LE(entry.at + 28)
  if (start + entry.packed > bytes.length) throw new UnreadableFile(DAMAGED)
  const packed = bytes.subarray(start, start + entry.packed)
  if (entry.method === 0 && packed.length > left) throw new UnreadableFile(TOO_LARGE)
  if (entry.method === 0) return packed
  if (entry.method !== 8) throw new UnreadableFile(DAMAGED)
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(left, 1) })
  } catch (error) {
    throw new UnreadableFile(error instanceof RangeError ? TOO_LARGE : DAMAGED, { cause: error })
  }
}

function pack(files: readonly { name: string; data: Buffer }[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data } of files) {
    const fields = fieldsOf(name, data)
    const header = Buffer.concat([head(LOCAL, 4), fields, Buffer.from(name)])
    const central = Buffer.alloc(14)
    central.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([head(CENTRAL, 6), fields, central, Buffer.from(name)]))
    parts.push(header, data)
    offset += header.length + data.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

/** Signature and versions, which is where the two kinds of header differ in length. */
function head(signature: number, length: number): Buffer {
  const made = Buffer.alloc(length === 4 ? 6 : 8)
  made.writeUInt32LE(signature, 0)
  made.writeUInt16LE(20, 4)
  if (length === 6) made.writeUInt16LE(20, 6)
  return made
}

/** What both headers share: UTF-8 names, stored, no date, checksum, both sizes, length of the name, no extra field. */
function fieldsOf(name: string, data: Buffer): Buffer {
  const fields = Buffer.alloc(24)
  fields.writeUInt16LE(0x0800, 0)
  fields.writeUInt16LE(0x21, 6) // 1980-01-01
  fields.writeUInt32LE(crc32(data), 8)
  fields.writeUInt32LE(data.length, 12)
  fields.writeUInt32LE(data.length, 16)
  fields.writeUInt16LE(Buffer.byteLength(name), 20)
  return fields
}
