import type { Readable } from 'node:stream'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import { readAddress } from './bucket-address.ts'
import { filesInBucket } from './bucket.ts'
import { filesOnDisk } from './disk.ts'
import type { Fault } from './faults.ts'

export type { Fault } from './faults.ts'

/**
 * Where bytes are kept, named by their SHA-256 (64 hex digits): the same bytes are one file, and a file never changes.
 * While the place is away, everything but `fault` throws `upstream`: `put` with the code `file-not-stored`, the rest with `files:` and why.
 */
export type Files = {
  /** Keeps the bytes and says their name; on return they outlive a power cut. */
  put(bytes: Uint8Array): Promise<string>
  /** The bytes, checked against their name: `not-found` where there are none, `upstream` with code `file-damaged` where they changed. */
  get(sha: string): Promise<Uint8Array>
  has(sha: string): Promise<boolean>
  /** The bytes as a stream, for what is too large to hold; not checked. */
  open(sha: string): Promise<Readable>
  /** Forgets what was put before this instant (epoch ms) and is not among the needed, and what a kill left half-written. Returns how many. */
  sweep(before: number, needed: Needed): Promise<number>
  /** Forgets the bytes; nothing happens where there are none. */
  remove(sha: string): Promise<void>
  /** Why nothing can be put or taken out now; null where all is well. Tried out, at most every half minute. */
  fault(): Promise<Fault | null>
}

/** Those of the names that something still points to. */
export type Needed = (shas: readonly string[]) => Promise<ReadonlySet<string>>

/** The store that FILES_URL names: `file:PATH` or `s3://KEY:SECRET@HOST/BUCKET`. */
export function createFiles(url: string, { clock = systemClock }: { clock?: Clock } = {}): Files {
  const scheme = /^([a-z0-9]+):/.exec(url)?.[1]
  if (scheme === 'file') return filesOnDisk(url.slice('file:'.length).replace(/^\/\//, ''))
  if (scheme === 's3') return filesInBucket(readAddress(url), { clock })
  throw new AppError('invalid', 'FILES_URL 不支持 {scheme}，请使用 file:PATH 或 s3://KEY:SECRET@HOST/BUCKET', { params: { scheme: scheme ?? '' }, code: 'files-url' })
}
