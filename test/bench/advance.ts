import { advance } from '../../src/features/approvals/rules/advance.ts'
import type { Entry } from '../../src/features/approvals/rules/history.ts'
import { approval, assigned, decided } from '../approvals/entries.ts'
import { compareCalls } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'

const NODES = 30
const CALLS = 50
/** A call is too short for a clock: so many count as one. */
const TIMES = 20

/** What the whole history of a flow of thirty nodes amounts to, against the least that reading a history costs: parsing its text. */
export const advancing: Figure = {
  stores: ['sqlite'],
  async measure(_t, { rounds }) {
    const flow = { nodes: Array.from({ length: NODES }, (_, at) => approval(`n${at + 1}`)) }
    const history: Entry[] = [{ kind: 'started', at: 1 }, ...Array.from({ length: NODES }, (_, at): Entry[] => [assigned(at + 1, 'a'), decided(`${at + 1}a`, 'a', 'approve')]).flat()]
    const { status } = advance(flow, history)
    if (status !== 'approved') throw new Error(`thirty approvals came to ${status}`)
    const text = JSON.stringify(history)
    const comparison = await compareCalls(rounds, CALLS, { ours: async () => microseconds(() => advance(flow, history)), limit: async () => microseconds(() => JSON.parse(text)) })
    return [rowOf(comparison, { name: `advance of ${NODES} nodes, ${history.length} entries (limit: parsing them)`, unit: 'µs' })]
  },
}

function microseconds(work: () => unknown): number {
  const began = performance.now()
  for (let time = 0; time < TIMES; time++) work()
  return (performance.now() - began) * 1000 / TIMES
}
