import type { Readable } from 'node:stream'
import { AppError } from '../../platform/errors.ts'
import { filesOnDisk } from './disk.ts'

/** Where bytes are kept, named by their SHA-256 (64 hex digits): the same bytes are one file, and a file never changes. */
export type Files = {
  /** Keeps the bytes and says their name; on return they are on disk. */
  put(bytes: Uint8Array): Promise<string>
  /** The bytes, checked against their name: `not-found` where there are none, `upstream` with code `file-damaged` where they changed. */
  get(sha: string): Promise<Uint8Array>
  has(sha: string): Promise<boolean>
  /** The bytes as a stream, for what is too large to hold; not checked. */
  open(sha: string): Promise<Readable>
  /** Forgets what was put before this instant (epoch ms) and is not among the needed, and what a kill left half-written. Returns how many. */
  sweep(before: number, needed: (shas: readonly string[]) => Promise<ReadonlySet<string>>): Promise<number>
  /** Forgets the bytes; nothing happens where there are none. */
  remove(sha: string): Promise<void>
}

/** The store that FILES_URL names: `file:PATH`. */
export function createFiles(url: string): Files {
  const scheme = /^([a-z0-9]+):/.exec(url)?.[1]
  if (scheme === 'file') return filesOnDisk(url.slice('file:'.length).replace(/^\/\//, ''))
  throw new AppError('invalid', 'FILES_URL 不支持 {scheme}，请使用 file:PATH', { params: { scheme: scheme ?? '' }, code: 'files-url' })
}
