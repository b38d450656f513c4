/** One round of one side: requests or documents per second, or milliseconds. */
export type Side = () => Promise<number>

export type Comparison = {
  /** medians over the rounds */
  ours: number
  limit: number
  /** median of the rounds' own ratios (ours / limit): neighbours in time share what else the machine does */
  ratio: number
  /** smallest and largest of them */
  spread: [number, number]
}

/** Measures both sides in turn, so that a disturbance meets both: a warm-up of each, then `rounds` of A B A B. */
export async function compare(rounds: number, sides: { ours: Side; limit: Side }): Promise<Comparison> {
  await sides.ours()
  await sides.limit()
  const pairs: Pair[] = []
  for (let round = 0; round < rounds; round++) {
    // Who goes second finds warmer caches: take turns.
    const first = round % 2 === 0 ? 'ours' : 'limit'
    const second = first === 'ours' ? 'limit' : 'ours'
    const measured = { [first]: await sides[first](), [second]: await sides[second]() }
    pairs.push({ ours: measured.ours ?? Number.NaN, limit: measured.limit ?? Number.NaN })
  }
  return summary(pairs)
}

/** The same for short things, in milliseconds: the two sides alternate call by call, and a round is the median of `calls` of each. */
export async function compareCalls(rounds: number, calls: number, sides: { ours: Call; limit: Call }): Promise<Comparison> {
  const pairs: Pair[] = []
  for (let round = 0; round <= rounds; round++) {
    const times: { ours: number[]; limit: number[] } = { ours: [], limit: [] }
    for (let call = 0; call < calls; call++) {
      const order = call % 2 === 0 ? ['ours', 'limit'] as const : ['limit', 'ours'] as const
      for (const side of order) times[side].push(await timed(() => sides[side](round * calls + call)))
    }
    if (round > 0) pairs.push({ ours: median(times.ours), limit: median(times.limit) })
  }
  return summary(pairs)
}

/** `number` counts the calls of a side from 0, warm-up included. Where only a part of the call counts, it answers with that part's milliseconds. */
export type Call = (number: number) => Promise<unknown>
type Pair = { ours: number; limit: number }

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  const part = await work()
  return typeof part === 'number' ? part : performance.now() - began
}

function summary(pairs: readonly Pair[]): Comparison {
  const ratios = pairs.map(pair => pair.ours / pair.limit)
  return {
    ours: median(pairs.map(pair => pair.ours)), limit: median(pairs.map(pair => pair.limit)),
    ratio: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)],
  }
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** `share` of the numbers lie below it. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
