import { hash } from 'node:crypto'
import { AppError } from '../../platform/errors.ts'

const NAME = /^[0-9a-f]{64}$/

/** The name of bytes: their SHA-256 as 64 hex digits. */
export function nameOf(bytes: Uint8Array): string {
  return hash('sha256', bytes)
}

export function isName(text: string): boolean {
  return NAME.test(text)
}

/** Where a file lies below the root, `ab/cd/abcd…`, so that no folder grows too full. The same on disk and in a bucket: either can be copied into the other. */
export function placeOf(name: string): string {
  // Names come from the database, but a path built from anything else must not exist.
  if (!isName(name)) throw absent()
  return `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`
}

/** The bytes, where they are what their name says. */
export function checked(bytes: Uint8Array, name: string): Uint8Array {
  if (nameOf(bytes) !== name) throw new AppError('upstream', '保存的文件已损坏', { code: 'file-damaged' })
  return bytes
}

export function absent(cause?: unknown): AppError {
  return new AppError('not-found', '文件不存在', { cause })
}
