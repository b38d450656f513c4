import { residentMegabytes } from '../../src/integrations/browser/memory.ts'
import type { Figure, Row } from './support/figure.ts'
import { startIssuing } from './support/issuing.ts'

const SLICE = 200
const ONCE = 1000
const WHOLE = 10_000
// SQLite's page cache, 64 MB for each connection, is not full after the first thousand.
const AT_MOST = 1.2

/** What the process and its browser hold after ten thousand certificates were drawn, sealed and stored, against after the first thousand. */
export const memory: Figure = {
  stores: ['sqlite'],
  async measure(t, { share }) {
    const { numbers, prepare, issue } = await startIssuing(t, SLICE)
    const sides: { name: string; megabytes: number[] }[] = [{ name: 'the process', megabytes: [] }, { name: 'its browser', megabytes: [] }]
    for (let done = 0; done < WHOLE * share;) {
      for (const end = done + ONCE; done < end; done += numbers.length) await issue(await prepare(numbers))
      const weights = await weigh()
      for (const [at, side] of sides.entries()) side.megabytes.push(weights[at] ?? Number.NaN)
    }
    return sides.map(({ name, megabytes }) => rowOfGrowth(`${name} after ${(ONCE * megabytes.length).toLocaleString('en')} documents (limit: after ${ONCE.toLocaleString('en')})`, megabytes))
  },
}

/** Resident megabytes once waste is collected: of this process, and of all it started. */
async function weigh(): Promise<[number, number]> {
  globalThis.gc?.()
  const own = process.memoryUsage.rss() / 1024 / 1024
  return [own, await residentMegabytes(process.pid) - own]
}

function rowOfGrowth(name: string, megabytes: readonly number[]): Row {
  const [first = Number.NaN, last = first] = [megabytes[0], megabytes.at(-1)]
  const ratios = megabytes.map(each => each / first)
  return {
    name, ours: `${last.toFixed()} MB`, limit: `${first.toFixed()} MB`, ratio: last / first, spread: [Math.min(...ratios), Math.max(...ratios)].map(each => each.toFixed(2)).join('–'),
    reach: `≤ ${AT_MOST}`, reached: last / first <= AT_MOST,
  }
}
