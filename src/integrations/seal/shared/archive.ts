import type { Certificate } from 'pkijs'
import { evidenceIn, type Held } from './evidence.ts'

/** A time stamp that holds, and where in the file what it covers ends: for one inside the seal, where the seal's does. */
export type Placed = Held & { at: number; end: number }

/**
 * Was a file that could be judged by itself (B-LT) stamped again as a whole, its validation data with it (ETSI EN 319 142-1 §6, B-LTA)? `line`:
 * its stamps in the order of what they cover, the first the one that its evidence is about.
 */
export async function isArchived(file: Uint8Array, seal: Held, line: readonly Placed[], now: number): Promise<boolean> {
  const [first, ...later] = line
  if (!first) return false
  for (const { end } of later) if (await evidenceIn(file.subarray(0, end), seal, first, { used: first.at, now }) === 'good') return true
  return false
}

/**
 * Until when (epoch ms) a chain of stamps proves the time: each must have been set before the certificate of the one before it ended, over a
 * file that shows that this one had not been called back. The last holds as long as its own certificate.
 */
export async function provenUntil(file: Uint8Array, line: readonly Placed[], now: number): Promise<number | undefined> {
  let [last, ...later] = line
  if (!last) return undefined
  let until = endOf(last.own)
  for (const next of later) {
    if (next.at > until || await evidenceIn(file.subarray(0, next.end), last, null, { used: last.at, now }) !== 'good') continue
    until = Math.max(until, endOf(next.own))
    last = next
  }
  return until
}

function endOf({ notAfter }: Certificate): number {
  return notAfter.value.getTime()
}
