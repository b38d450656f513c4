import { defineMachine } from '../../../platform/machine.ts'
import { holdLifted } from './events.ts'
import type { HoldsTable } from './tables.ts'
import type { HoldType } from './types.ts'

export const holdMachine = defineMachine({
  name: 'documents.hold', table: 'documents_holds',
  edges: { lift: { from: ['on'], to: 'lifted', emits: holdLifted } },
  sentences: { lifted: '这条限制已经解除' },
})

export const LONGEST_REASON = 200

/** The first hold that stops papers of this family today (YYYY-MM-DD); undefined where none does. */
export function stopping(holds: readonly HoldsTable[], types: ReadonlyMap<string, HoldType>, family: string, today: string): { hold: HoldsTable; type: HoldType } | undefined {
  for (const hold of holds) {
    const type = types.get(hold.type)
    if (type?.stops.includes(family) && inForce(hold, today)) return { hold, type }
  }
  return undefined
}

export function inForce({ status, since, until }: Pick<HoldsTable, 'status' | 'since' | 'until'>, today: string): boolean {
  return status === 'on' && since <= today && (until === null || until >= today)
}
