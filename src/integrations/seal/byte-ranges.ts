import type { Reason } from './verify.ts'

/** One signature as it stands in the file. */
export type Found = {
  /** does it cover the file from its first byte to its last, but for the signature's own hex? */
  whole: boolean
  /** where the covered part ends */
  end: number
  /** the bytes it signs, as two pieces of the file */
  signed: [Uint8Array, Uint8Array]
  /** the CMS structure, its padding of zeros taken off */
  cms: Uint8Array
}

// More than any honest file has, few enough that checking each stays cheap.
const MOST_SIGNATURES = 16
const LONGEST_CMS = 256 * 1024

/**
 * All signatures of a PDF, in file order, and what is wrong with those that are none. The only bytes a signature may leave
 * out are one hexadecimal string directly behind /Contents: whatever a viewer could show must be inside. With that rule the
 * known attacks (moved ranges, wrapped or doubled signature dictionaries, content hidden in the gap) come out as broken,
 * without understanding the rest of the file.
 */
export function findSignatures(file: Buffer): { found: Found[]; broken: Reason[] } {
  const found: Found[] = []
  const broken: Reason[] = []
  for (const range of ranges(file)) {
    const signature = typeof range === 'string' ? range : readSignature(file, range)
    if (typeof signature === 'string') broken.push(signature)
    else found.push(signature)
    if (found.length + broken.length > MOST_SIGNATURES) return { found: [], broken: ['too-many-signatures'] }
  }
  return { found, broken }
}

type Range = [number, number, number, number]

// A name may be written with #-escapes; such a signature is not found here, so the file counts as not signed.
function* ranges(file: Buffer): Generator<Range | Reason> {
  for (let at = file.indexOf('/ByteRange'); at >= 0; at = file.indexOf('/ByteRange', at + 10)) {
    const text = file.toString('latin1', at, at + 128)
    const match = /^\/ByteRange[\s\0]*\[[\s\0]*(\d{1,10})[\s\0]+(\d{1,10})[\s\0]+(\d{1,10})[\s\0]+(\d{1,10})[\s\0]*\]/.exec(text)
    yield match ? [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])] : 'byte-range-unreadable'
  }
}

function readSignature(file: Buffer, [start, length, next, rest]: Range): Found | Reason {
  const end = next + rest
  if (start !== 0 || length < 1 || next <= length || end > file.length) return 'byte-range-wrong'
  if (next - length > 2 * LONGEST_CMS) return 'byte-range-wrong'
  if (!/\/Contents[\s\0]*$/.test(file.toString('latin1', Math.max(0, length - 32), length))) return 'byte-range-not-at-contents'
  const gap = file.toString('latin1', length, next)
  if (!/^<(?:[0-9A-Fa-f]{2})+>$/.test(gap)) return 'byte-range-not-at-contents'
  const cms = withoutPadding(Buffer.from(gap.slice(1, -1), 'hex'))
  if (!cms) return 'signature-unreadable'
  return { whole: end === file.length, end, signed: [file.subarray(0, length), file.subarray(next, end)], cms }
}

// The DER says its own length; behind it only zeros may follow.
function withoutPadding(bytes: Buffer): Buffer | null {
  if (bytes.length < 6 || bytes[0] !== 0x30) return null
  const first = bytes.readUInt8(1)
  const size = first & 0x7f
  if (first === 0x80 || size > 4) return null
  const length = first < 0x80 ? 2 + first : 2 + size + bytes.readUIntBE(2, size)
  if (length > bytes.length || bytes.subarray(length).some(byte => byte !== 0)) return null
  return bytes.subarray(0, length)
}
