// What Node's Buffer does and a browser has not: all of it on plain bytes.

const latin = new TextDecoder('latin1')

/** A letter for each byte; those of ASCII are themselves. */
export function text(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return latin.decode(bytes.subarray(from, to))
}

/** Where these letters stand first, from a place on; -1: nowhere. */
export function find(bytes: Uint8Array, letters: string, from = 0): number {
  const wanted = Array.from(letters, letter => letter.charCodeAt(0))
  const [first = 0] = wanted
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at
  }
  return -1
}

export function bytesOfHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

export function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i])
}

/** A copy in memory of its own, as the cryptography wants it. */
export function exact(...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** `SHA-256`, `SHA-384` or `SHA-512` of these bytes. */
export async function digest(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(name, exact(bytes)))
}

/** The DER in a PEM certificate. */
export function derOfPem(pem: string): Uint8Array<ArrayBuffer> {
  const base64 = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(pem)?.[1] ?? ''
  return Uint8Array.from(atob(base64.replace(/\s/g, '')), letter => letter.charCodeAt(0))
}
