/** Places in the stream of events at which a test can strike: whoever comes by is held until it has. */
export type Moments = {
  /** Something is about to happen. False: it shall not, as the one who wanted it is gone. */
  pass(name: string): Promise<boolean>
  /** Strikes when the next moment comes by whose name begins so, or after `within` ms. Whether one came. `goesOn`: what was held happens nevertheless. */
  strike(at: { name: string; within: number; goesOn: boolean }, blow: () => Promise<void>): Promise<boolean>
}

type Armed = { name: string; goesOn: boolean; reached(): Promise<void> }

export function createMoments(): Moments {
  let armed: Armed | undefined
  return {
    async pass(name) {
      if (!armed || !name.startsWith(armed.name)) return true
      const { reached, goesOn } = armed
      armed = undefined
      await reached()
      return goesOn
    },
    async strike({ name, within, goesOn }, blow) {
      const struck = Promise.withResolvers<boolean>()
      const hit = (came: boolean) => blow().then(() => struck.resolve(came), struck.reject)
      const timer = setTimeout(() => { armed = undefined; void hit(false) }, within)
      armed = { name, goesOn, reached() { clearTimeout(timer); return hit(true) } }
      return await struck.promise
    },
  }
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6D2B79F5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
