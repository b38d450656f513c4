import type { Db } from '../../platform/db.ts'
import { AppError, isOutcome } from '../../platform/errors.ts'
import { advance } from './rules/advance.ts'
import { type Refusal, whyNotIntervene } from './rules/can.ts'
import type { Entry } from './rules/history.ts'
import type { State } from './rules/state.ts'
import { stepsOf } from './rules/tree.ts'
import type { Flow } from './schema.ts'
import { historyOf, instanceOf } from './store.ts'
import { type AnswerDeps, answer } from './verbs/answer.ts'
import { whyNotEndSo } from './verbs/change-flow.ts'
import { filled } from './foresee.ts'

/** A step that somebody or something holds; `names` is empty where nobody does. */
export type Held = { label: string; names: string[] }

/** What moving an instance to another flow would do to it. `withdrawn`: steps whose tasks would be taken back; `asked`: those handed out anew. */
export type MoveForecast = { refusal: Refusal | null; before: Held[]; after: Held[]; withdrawn: string[]; asked: string[] }

/** The same walk and the same answers as the move itself; writes nothing. */
export async function foreseeMove(deps: AnswerDeps, db: Db, { instance_id, flow, form }: { instance_id: string; flow: Flow; form: Record<string, unknown> }): Promise<MoveForecast> {
  const instance = await instanceOf(db, instance_id)
  if (!instance) throw new AppError('not-found', '没有找到这项审批')
  const history = await historyOf(db, instance_id)
  const state = advance(instance.flow, history)
  const before = heldIn(instance.flow, state)
  const refusal = whyNotIntervene(state, 'move')
  if (refusal) return { refusal, before, after: before, withdrawn: [], asked: [] }
  try {
    const after = await moved(deps, db, { instance: { ...instance, form }, flow, history })
    const labels = (from: Flow, nodes: State['nodes']) => [...new Set(nodes.filter(node => stepsOf(from).get(node.step)?.kind === 'approval').map(node => stepsOf(from).get(node.step)?.label ?? node.step))]
    const over = state.nodes.filter(node => node.status === 'open' && after.nodes[node.number - 1]?.status === 'cancelled')
    return {
      refusal: whyNotEndSo(state, after), before, after: heldIn(flow, after), withdrawn: labels(instance.flow, over),
      asked: labels(flow, after.nodes.slice(state.nodes.length).filter(node => node.status === 'open')),
    }
  } catch (error) {
    if (!isOutcome(error)) throw error
    return { refusal: { kind: 'conflict', sentence: error.message, params: error.params }, before, after: before, withdrawn: [], asked: [] }
  }
}

type Moving = { instance: NonNullable<Awaited<ReturnType<typeof instanceOf>>>; flow: Flow; history: readonly Entry[] }

async function moved(deps: AnswerDeps, db: Db, { instance, flow, history }: Moving): Promise<State> {
  const entries: Entry[] = [...history, { kind: 'moved', at: deps.clock.now(), by: '', by_name: '', from: instance.flow }]
  let asking = { tx: db, instance: { ...instance, flow } }
  let state = advance(flow, entries)
  while (state.ask) {
    const next = await answer(deps, asking, state, state.ask)
    asking = filled(asking, state, [next])
    entries.push(next)
    state = advance(flow, entries)
  }
  return state
}

function heldIn(flow: Flow, { nodes, tasks }: State): Held[] {
  const steps = stepsOf(flow)
  return nodes.filter(node => node.status === 'open').flatMap(node => {
    const step = steps.get(node.step)
    if (!step || !['approval', 'delay', 'trigger'].includes(step.kind)) return []
    return [{ label: step.label, names: tasks.filter(task => task.node === node.number && task.status === 'open').map(task => task.person_name) }]
  })
}
