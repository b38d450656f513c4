import type { Flow } from '../schema.ts'
import type { Entry } from './history.ts'
import type { State } from './state.ts'
import { stepsOf } from './tree.ts'

/** What the flow itself writes into the form by this answer, for what is asked after it to read; null empties a field. */
export function writtenBy({ flow, form }: { flow: Flow; form: Readonly<Record<string, unknown>> }, { nodes }: Pick<State, 'nodes'>, entry: Entry): Record<string, unknown> {
  if (entry.kind !== 'filled' && entry.kind !== 'assigned') return {}
  const step = stepsOf(flow).get(nodes[entry.node - 1]?.step ?? '')
  if (step?.kind === 'approval') return Object.fromEntries((step.anew ?? []).filter(key => (form[key] ?? null) !== null).map(key => [key, null]))
  return step?.kind === 'trigger' && 'set' in step.does ? step.does.set : {}
}
