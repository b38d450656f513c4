import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { VerbDeps } from '../deps.ts'
import { advance } from '../rules/advance.ts'
import type { Answered } from '../rules/answered.ts'
import { stepsOf } from '../rules/tree.ts'
import { historyOf, instanceOf } from '../store.ts'
import { insertCall } from '../store-calls.ts'
import { remark } from './remark.ts'
import { play, takeTurn, writeForm } from './turn.ts'

type OfNode = { instance_id: string; node: number }
/** What a trigger calls: the connection, its path, what is sent and what is taken from the answer. */
export type Asked = { name: string; path: string | undefined; values: Record<string, unknown>; take: Record<string, string> }

/** What a trigger that is still open is to call; null where it is over. */
export async function callOf(db: Db, { instance_id, node: number }: OfNode): Promise<Asked | null> {
  const instance = await instanceOf(db, instance_id)
  if (!instance) return null
  const { nodes } = advance(instance.flow, await historyOf(db, instance_id))
  const node = nodes[number - 1]
  const step = stepsOf(instance.flow).get(node?.step ?? '')
  if (node?.status !== 'open' || step?.kind !== 'trigger' || !('call' in step.does)) return null
  const { call: name, path, send = [], take = {} } = step.does
  return { name, path, take, values: Object.fromEntries(send.filter(field => Object.hasOwn(instance.form, field)).map(field => [field, instance.form[field]])) }
}

/** One try. `status`: the answer's, null where there was none; `again`: it will be tried once more, so nothing is settled. */
export type Try = Answered & { name: string; attempt: number; at: number; ms: number; status: number | null; body: string; again: boolean }

/** So much of an answer is kept for whoever looks into it. */
const KEPT = 1000

/** Keeps the try; the last one is the answer: once, and the flow goes on or not as the step says. */
export async function recordCall(deps: VerbDeps, tx: Tx, { instance_id, node }: OfNode, { ok, values, error, name, attempt, at, ms, status, body, again }: Try): Promise<void> {
  const turn = await takeTurn(tx, null, instance_id)
  if (turn.state.status !== 'running' || turn.state.nodes[node - 1]?.status !== 'open') return
  await insertCall(tx, { id: newId(), instance_id, node_id: turn.nodes.get(node)?.id ?? '', name, attempt, at, ms, status, error, answer: body.slice(0, KEPT) })
  if (again) return
  await remark(deps, turn, { act: ok ? 'called' : 'call-failed', person_name: null, node, whom: status === null ? '' : String(status) })
  const instance = ok && Object.keys(values).length > 0 ? await writeForm(turn, values) : turn.instance
  await play(deps, { ...turn, instance }, { kind: 'called', at: deps.clock.now(), node, ok, status })
}
