import { bytesOfHex, find, text } from './bytes.ts'
import type { Reason } from './verify.ts'

/** One signature as it stands in the file. */
export type Found = {
  /** where its /ByteRange stands */
  at: number
  /** does it cover the file from its first byte to its last, but for the signature's own hex? */
  whole: boolean
  /** where the covered part ends */
  end: number
  /** the bytes it signs, as two pieces of the file */
  signed: [Uint8Array, Uint8Array]
  /** the CMS structure, its padding of zeros taken off */
  cms: Uint8Array<ArrayBuffer>
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
export function findSignatures(file: Uint8Array): { found: Found[]; broken: Reason[] } {
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

type Range = { at: number; numbers: [number, number, number, number] }

// A name may be written with #-escapes; such a signature is not found here, so the file counts as not signed.
function* ranges(file: Uint8Array): Generator<Range | Reason> {
  for (let at = find(file, '/ByteRange'); at >= 0; at = find(file, '/ByteRange', at + 10)) {
    const match = /^\/ByteRange[\s\0]*\[[\s\0]*(\d{1,10})[\s\0]+(\d{1,10})[\s\0]+(\d{1,10})[\s\0]+(\d{1,10})[\s\0]*\]/.exec(text(file, at, at + 128))
    yield match ? { at, numbers: [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])] } : 'byte-range-unreadable'
  }
}

function readSignature(file: Uint8Array, { at, numbers: [start, length, next, rest] }: Range): Found | Reason {
  const end = next + rest
  if (start !== 0 || length < 1 || next <= length || end > file.length) return 'byte-range-wrong'
  if (next - length > 2 * LONGEST_CMS) return 'byte-range-wrong'
  if (!/\/Contents[\s\0]*$/.test(text(file, Math.max(0, length - 32), length))) return 'byte-range-not-at-contents'
  const gap = text(file, length, next)
  if (!/^<(?:[0-9A-Fa-f]{2})+>$/.test(gap)) return 'byte-range-not-at-contents'
  const cms = withoutPadding(bytesOfHex(gap.slice(1, -1)))
  if (!cms) return 'signature-unreadable'
  return { at, whole: end === file.length, end, signed: [file.subarray(0, length), file.subarray(next, end)], cms }
}

// The DER says its own length; behind it only zeros may follow.
function withoutPadding(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  if (bytes.length < 6 || bytes[0] !== 0x30) return null
  const first = bytes[1] ?? 0
  const size = first & 0x7f
  if (first === 0x80 || (first > 0x80 && size > 4)) return null
  const length = first < 0x80 ? 2 + first : 2 + size + bytes.subarray(2, 2 + size).reduce((sum, byte) => sum * 256 + byte, 0)
  if (length > bytes.length || bytes.subarray(length).some(byte => byte !== 0)) return null
  return bytes.slice(0, length)
}
