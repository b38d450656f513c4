import { constants, crc32, deflateRawSync } from 'node:zlib'

/** `packed` and `size` make a part that lies about itself. */
type Part = { name: string; data: Buffer } | { name: string; packed: Buffer; size: number }

/** `head` and then `count` times `piece`, packed. Each is deflated once: pieces that end in a full flush may stand in any order, as often as one likes. */
export function packedTimes(count: number, piece: Buffer, head = ''): Buffer {
  const flushed = (bytes: Buffer) => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH })
  const packed = flushed(piece)
  return Buffer.concat([flushed(Buffer.from(head)), ...Array.from({ length: count }, () => packed), deflateRawSync('')])
}

/** A zip archive with exactly these parts, written here so that hostile ones can be made. */
export function zipOf(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const part of parts) {
    const packed = 'data' in part ? deflateRawSync(part.data) : part.packed
    const name = Buffer.from(part.name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE('data' in part ? crc32(part.data) : 0, 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE('data' in part ? part.data.length : part.size, 18)
    fields.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    bodies.push(Buffer.from('504b0304', 'hex'), fields, name, packed)
    directory.push(Buffer.from('504b01021400', 'hex'), fields, place, name)
    offset += 30 + name.length + packed.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, central, end])
}
