import { ObjectIdentifier } from 'asn1js'

// DER (X.690): tag, length, content. Written straight to bytes, because an object per field costs more than the signature itself.

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), ...parts])
}

export const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts)
export const octets = (bytes: Uint8Array) => der(0x04, bytes)

/** Elements in the order of their bytes, as DER wants a SET OF. */
export const setOf = (...elements: Uint8Array[]) => der(0x31, ...elements.toSorted(Buffer.compare))

export const NULL = der(0x05)
export const ONE = der(0x02, new Uint8Array([1]))

/** `1.2.840.113549.1.7.1` */
export function oid(dotted: string): Buffer {
  return Buffer.from(new ObjectIdentifier({ value: dotted }).toBER())
}

/** UTCTime until 2049, GeneralizedTime after it (RFC 5652 §11.3); epoch ms. */
export function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+|[-:T]/g, '')
  return at < Date.UTC(2050, 0) ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const digits: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) digits.unshift(rest & 0xff)
  return [0x80 | digits.length, ...digits]
}
