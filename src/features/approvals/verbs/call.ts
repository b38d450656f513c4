import type { Db, Tx } from '../../../platform/db.ts'
import type { VerbDeps } from '../deps.ts'
import { advance } from '../rules/advance.ts'
import { stepsOf } from '../rules/tree.ts'
import { historyOf, instanceOf } from '../store.ts'
import { remark } from './remark.ts'
import { play, takeTurn } from './turn.ts'

type OfNode = { instance_id: string; node: number }

/** What a trigger that is still open is to call, and what it sends; null where it is over. */
export async function callOf(db: Db, { instance_id, node: number }: OfNode): Promise<{ name: string; values: Record<string, unknown> } | null> {
  const instance = await instanceOf(db, instance_id)
  if (!instance) return null
  const { nodes } = advance(instance.flow, await historyOf(db, instance_id))
  const node = nodes[number - 1]
  const step = stepsOf(instance.flow).get(node?.step ?? '')
  if (node?.status !== 'open' || step?.kind !== 'trigger' || !('call' in step.does)) return null
  const { call: name, send = [] } = step.does
  return { name, values: Object.fromEntries(send.filter(field => Object.hasOwn(instance.form, field)).map(field => [field, instance.form[field]])) }
}

/** Records what came back, once; the flow goes on or not as the step says. `status`: the answer's, null where there was none. */
export async function recordCall(deps: VerbDeps, tx: Tx, { instance_id, node }: OfNode, { ok, status }: { ok: boolean; status: number | null }): Promise<void> {
  const turn = await takeTurn(tx, null, instance_id)
  if (turn.state.status !== 'running' || turn.state.nodes[node - 1]?.status !== 'open') return
  await remark(deps, turn, { act: ok ? 'called' : 'call-failed', person_name: null, node, whom: status === null ? '' : String(status) })
  await play(deps, turn, { kind: 'called', at: deps.clock.now(), node, ok, status })
}
