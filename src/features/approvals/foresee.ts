import type { Db } from '../../platform/db.ts'
import { isOutcome } from '../../platform/errors.ts'
import type { T } from '../../platform/text.ts'
import type { Flow, Question } from './define.ts'
import type { ApprovalStep } from './schema.ts'
import { advance } from './rules/advance.ts'
import type { Entry } from './rules/history.ts'
import type { Note, State, Task } from './rules/state.ts'
import { stepsOf } from './rules/tree.ts'
import { whyText } from './rules/why.ts'
import { writtenBy } from './rules/writing.ts'
import { historyOf, instanceOf } from './store.ts'
import { type AnswerDeps, type Asking, answer } from './verbs/answer.ts'

/** A flow with somebody's form, sent or not. `chosen`: whom people chose, by step. */
export type Prospect = { flow: Flow; applicant: { person_id: string; number: string | null; name: string }; form: Record<string, unknown>; chosen?: Question['chosen'] }

/** A step that would be reached. Several people act side by side as `mode` says; `note`: why nobody is asked there. */
export type ForeseenStep = {
  id: string
  label: string
  mode: ApprovalStep['mode']
  outcome: 'acts' | 'passed' | 'rejected' | 'nobody'
  note: Note | null
  people: { name: string; why: string; instead: boolean }[]
}

/**
 * What would happen if everyone approved; `complete` where the flow comes to its end. `choices`: of each step with branches that is reached, which
 * of them hold. `copies`: who would be sent one, by the step that sends it.
 */
export type Forecast = { steps: ForeseenStep[]; complete: boolean; choices: ReadonlyMap<string, readonly number[]>; copies: { step: string; names: string[] }[] }

/** No flow of an office comes near; one that goes in circles is left here. */
const MOST_ENTRIES = 2000

/**
 * Whom each step would fall to and why, with the people and rules of this moment and every decision taken for an approval.
 * It is the same walk and the same answers that an instance gets, and writes nothing.
 */
export async function foresee(deps: AnswerDeps, db: Db, t: T, { flow, applicant, form, chosen }: Prospect): Promise<Forecast> {
  const instance = { flow, form, last_absence: Infinity, applicant_id: applicant.person_id, applicant_number: applicant.number, applicant_name: applicant.name }
  return await goOn(deps, t, { tx: db, instance }, advance(flow, [{ kind: 'started', at: deps.clock.now(), ...(chosen && { chosen }) }]))
}

/** The same from where an instance stands: the steps that have not begun. None where it has ended or is suspended. */
export async function foreseeRest(deps: AnswerDeps, db: Db, t: T, instance_id: string): Promise<ForeseenStep[]> {
  const instance = await instanceOf(db, instance_id)
  if (!instance) return []
  const state = advance(instance.flow, await historyOf(db, instance_id))
  if (state.status !== 'running' || state.suspended) return []
  return (await goOn(deps, t, { tx: db, instance }, state, state.nodes.length)).steps
}

/** `begun`: so many visits are no forecast any more. */
async function goOn(deps: AnswerDeps, t: T, from: Asking, begin: State, begun = 0): Promise<Forecast> {
  const { flow } = from.instance
  const at = deps.clock.now()
  let [asking, state, entries]: [Asking, State, number] = [{ ...from, foreseen: true }, begin, 1]
  let stuck: string | null = null
  while (state.status === 'running' && stuck === null && entries < MOST_ENTRIES) {
    const next = state.ask ? await answerTo(deps, asking, state, state.ask) : assumed(flow, state, at)
    if (next === null || next.length === 0) stuck = state.ask?.step.id ?? ''
    else state = advance(flow, next, state)
    entries += next?.length ?? 0
    asking = filled(asking, state, next ?? [])
  }
  const said = (task: Task) => ({ name: task.person_name, why: whyText(t, deps.approvers, { ...task, why: task.why ?? null }), instead: task.reason === 'nobody' })
  const copies = [...Map.groupBy(state.copied, copy => state.nodes[(copy.node ?? 0) - 1]?.step ?? '')].map(([step, people]) => ({ step, names: people.map(person => person.person_name) }))
  return { steps: stepsIn(flow, { ...state, nodes: state.nodes.slice(begun) }, stuck, said), complete: state.status === 'approved', choices: state.choices, copies }
}

/** Null where even an administrator is missing; what else goes wrong is a fault. */
async function answerTo(deps: AnswerDeps, asking: Asking, state: State, ask: NonNullable<State['ask']>): Promise<Entry[] | null> {
  try {
    return [await answer(deps, asking, state, ask)]
  } catch (error) {
    if (isOutcome(error)) return null
    throw error
  }
}

/** What a step of the flow writes into the form, those after it read. */
export function filled<Of extends Asking>(asking: Of, state: State, entries: readonly Entry[]): Of {
  const written: Record<string, unknown> = Object.assign({}, ...entries.map(entry => writtenBy(asking.instance, state, entry)))
  return Object.keys(written).length === 0 ? asking : { ...asking, instance: { ...asking.instance, form: { ...asking.instance.form, ...written } } }
}

/** What is taken for granted next: whoever holds the first open task claims and approves, time goes by, and calls are answered. */
function assumed(flow: Flow, state: State, at: number): Entry[] {
  const task = state.tasks.find(one => one.status === 'open')
  if (task) {
    const act = { at, task: task.id, by: task.person_id }
    return [task.wants === 'decide' ? { ...act, kind: 'decided', decision: 'approve' } : { ...act, kind: task.wants === 'claim' ? 'claimed' : 'replied' }]
  }
  return state.nodes.flatMap(({ number: node, status, step: id }): Entry[] => {
    const kind = status === 'open' ? stepsOf(flow).get(id)?.kind : undefined
    return kind === 'delay' ? [{ kind: 'elapsed', at, node }] : kind === 'trigger' ? [{ kind: 'called', at, node, ok: true, status: null }] : []
  }).slice(0, 1)
}

function stepsIn(flow: Flow, state: State, stuck: string | null, said: (task: Task) => ForeseenStep['people'][number]): ForeseenStep[] {
  const steps = stepsOf(flow)
  return state.nodes.flatMap(({ number, step: id, status, note }): ForeseenStep[] => {
    const step = steps.get(id)
    if (step?.kind !== 'approval') return []
    const people = [...new Map(state.tasks.filter(task => task.node === number).map(task => [task.person_id, task])).values()].map(said)
    const outcome = id === stuck ? 'nobody' : people.length > 0 ? 'acts' : status === 'rejected' ? 'rejected' : 'passed'
    return [{ id, label: step.label, mode: step.mode, outcome, note, people }]
  })
}
