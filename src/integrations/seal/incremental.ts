import { createHash } from 'node:crypto'
import { PDF } from '@libpdf/core'

// Three numbers of ten digits, to be written over once it is known where the signature stands.
export const UNKNOWN = [0, 9_999_999_999, 9_999_999_999, 9_999_999_999]

/** Changes a PDF behind its bytes: what was there is a prefix of the result. */
export async function append(bytes: Uint8Array, change: (pdf: PDF) => void): Promise<Buffer> {
  const pdf = await PDF.load(bytes)
  change(pdf)
  const { buffer, byteOffset, byteLength } = await pdf.save({ incremental: true })
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** The same with one signature among what is added, its room kept by zeros: `make` gives its CMS for a SHA-256 of all other bytes. */
export async function appendSigned(bytes: Uint8Array, change: (pdf: PDF) => void, make: (digest: Buffer) => Promise<Buffer>): Promise<Buffer> {
  const file = await append(bytes, change)
  const gap = openGap(file, bytes.length)
  const digest = createHash('sha256').update(file.subarray(0, gap.from)).update(file.subarray(gap.to)).digest()
  fillGap(file, gap, await make(digest))
  return file
}

/** What a signature leaves out of the file: its own hex, angle brackets included. */
type Gap = { from: number; to: number }

/** Finds the room kept for the signature behind the unsigned file and writes into the file what is signed. */
function openGap(file: Buffer, unsigned: number): Gap {
  const range = file.indexOf('[0 9999999999 9999999999 9999999999]', unsigned)
  const from = file.indexOf('<0000', file.indexOf('/Contents', range))
  const to = file.indexOf('>', from) + 1
  if (range < 0 || from < range || to === 0) throw new Error('the file was saved without room for its signature')
  const covered = `[0 ${from} ${to} ${file.length - to}]`
  file.write(covered.padEnd(36), range, 'latin1')
  return { from, to }
}

function fillGap(file: Buffer, { from, to }: Gap, cms: Buffer): void {
  const room = to - from - 2
  if (cms.length * 2 > room) throw new Error(`a signature of ${cms.length} bytes in room for ${room / 2}`)
  file.write(cms.toString('hex'), from + 1, 'latin1')
}
