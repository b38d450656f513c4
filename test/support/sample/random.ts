/** Chance that is the same every time (mulberry32). */
export type Chance = {
  /** 0 ≤ x < 1 */
  next(): number
  /** from ≤ n ≤ to */
  between(from: number, to: number): number
  pick<T>(list: readonly T[]): T
  /** mean and spread, roughly normal */
  around(mean: number, spread: number): number
  /** 1, 2, 3 … */
  serial(): number
}

export function random(seed: number): Chance {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  let serial = 0
  return {
    next,
    serial: () => (serial += 1),
    between,
    pick(list) {
      const found = list[between(0, list.length - 1)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
    around: (mean, spread) => mean + (next() + next() + next() + next() - 2) * spread,
  }
}
