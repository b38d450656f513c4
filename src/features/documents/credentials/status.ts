import { gzipSync } from 'node:zlib'

/** Places of a list: the least that W3C Bitstring Status List v1.0 §3.2 allows, so that a place tells nothing of one person. */
export const PLACES = 131_072
/** A list is left when half of it is taken: a free place is found at once, and is one of many. */
export const MOST_TAKEN = PLACES / 2

/** Multibase base64url of the gzipped bits; place 0 is the left-most bit (§2.2, §3.3). */
export function encodedList(places: readonly number[]): string {
  const bits = Buffer.alloc(PLACES / 8)
  for (const place of places) bits[place >>> 3] = (bits[place >>> 3] ?? 0) | 0x80 >>> (place & 7)
  return `u${gzipSync(bits).toString('base64url')}`
}
