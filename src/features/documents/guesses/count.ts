import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { GUESS_WINDOW, MOST_COUNTED, networkOf } from '../rules.ts'
import { addMisses, missesIn } from './store.ts'

type Deps = { database: Database; keyring: Keyring; clock: Clock }

/** Who asks in one window of time; `here`: wrong codes that came to this process. */
export type Asker = { readonly slot: string; here: number }

/** Askers known at once. Beyond them counting begins anew: this memory is not for guessers to fill. */
const MOST_ASKERS = 100_000

/**
 * Wrong codes, by who asks. They count at once in this process and are written down for the others, those of one moment together: a flood
 * of guesses is one write at a time, and no honest asker's own write stands behind a thousand.
 */
export function createGuesses({ database, keyring, clock }: Deps) {
  let window = NaN
  let askers = new Map<string, Asker>()
  let unwritten = new Map<string, number>()
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  async function writeDown(): Promise<void> {
    const taken = unwritten
    unwritten = new Map()
    next = undefined
    // In one order: two processes that write of the same askers do not wait for each other.
    const misses = [...taken].toSorted(([one], [other]) => one < other ? -1 : 1)
    await (writing = database.write(tx => addMisses(tx, misses, clock.now() + 2 * GUESS_WINDOW)))
  }

  return {
    /** The address is known here for a window, and kept only as an HMAC. */
    asker(address: string): Asker {
      const now = Math.floor(clock.now() / GUESS_WINDOW)
      if (now !== window || askers.size >= MOST_ASKERS) [window, askers] = [now, new Map()]
      const network = networkOf(address)
      const asker = askers.get(network) ?? { slot: `${now}-${keyring.sign('guesses', network)}`, here: 0 }
      askers.set(network, asker)
      return asker
    },

    /** Wrong codes that came from there in this window, to whichever process. */
    async misses({ slot, here }: Asker): Promise<number> {
      return here >= MOST_COUNTED ? here : Math.max(here, await missesIn(database.db, { slot }))
    },

    /** One more; resolves once it is written down. */
    async miss(asker: Asker): Promise<void> {
      asker.here++
      // More of them change nothing.
      if (asker.here > MOST_COUNTED) return
      unwritten.set(asker.slot, (unwritten.get(asker.slot) ?? 0) + 1)
      await (next ??= writing.then(writeDown, writeDown))
    },
  }
}
