import type { Clock } from '../../platform/clock.ts'
import { silent, within } from './errors.ts'

/** How long an answer counts as a sign of life, ms. */
const FRESH = 30_000

type Options = { clock: Clock; look(signal: AbortSignal): Promise<void>; within: number }

/**
 * Looks whether the school's server is there before a browser is sent to it: who is sent to one that is down sees an empty window
 * and no way back. People who come at once share one look, and a good one counts for a while.
 */
export function createPulse({ clock, look, within: ms }: Options): () => Promise<void> {
  let seen = -Infinity
  let looking: Promise<void> | undefined

  async function lookNow(): Promise<void> {
    try {
      await within(ms, look)
      seen = clock.now()
    } catch (error) {
      throw silent(error)
    } finally {
      looking = undefined
    }
  }

  return async () => {
    if (clock.now() - seen < FRESH) return
    await (looking ??= lookNow())
  }
}
