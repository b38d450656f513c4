import type { Db } from '../../platform/db.ts'
import { isOutcome } from '../../platform/errors.ts'
import type { T } from '../../platform/text.ts'
import type { Flow, Question } from './define.ts'
import type { VerbDeps } from './deps.ts'
import { advance } from './rules/advance.ts'
import type { Emptiness, Entry, State, Task } from './rules/history.ts'
import { stepsOf } from './rules/walk.ts'
import { whyText } from './rules/why.ts'
import { type Asking, answer } from './verbs/answer.ts'

/** A flow with somebody's form, sent or not. `chosen`: whom people chose, by step. */
export type Prospect = { flow: Flow; applicant: { person_id: string; number: string | null; name: string }; form: Record<string, unknown>; chosen?: Question['chosen'] }

/** A step that would be reached. Several people act side by side as `mode` says; `note`: why nobody is asked there. */
export type ForeseenStep = {
  id: string
  label: string
  mode: 'any' | 'all'
  outcome: 'acts' | 'passed' | 'rejected' | 'nobody'
  note: Emptiness | null
  people: { name: string; why: string; instead: boolean }[]
}

/** What would happen if everyone approved; `complete` where the flow comes to its end. */
export type Forecast = { steps: ForeseenStep[]; complete: boolean }

/** No flow of an office comes near; one that goes in circles is left here. */
const MOST_ENTRIES = 2000

/**
 * Whom each step would fall to and why, with the people and rules of this moment and every decision taken for an approval.
 * It is the same walk and the same answers that an instance gets, and writes nothing.
 */
export async function foresee(deps: Pick<VerbDeps, 'approvers' | 'clock' | 'directory'>, db: Db, t: T, { flow, applicant, form, chosen }: Prospect): Promise<Forecast> {
  const asking: Asking = { tx: db, instance: { form, applicant_id: applicant.person_id, applicant_number: applicant.number, applicant_name: applicant.name } }
  const at = deps.clock.now()
  const history: Entry[] = [{ kind: 'started', at }]
  let state = advance(flow, history)
  let stuck: string | null = null
  while (state.status === 'running' && stuck === null && history.length < MOST_ENTRIES) {
    const next = state.ask ? await answerTo(deps, asking, state.ask, chosen) : assumed(flow, state, at)
    if (next === null || next.length === 0) stuck = state.ask?.step.id ?? ''
    else state = advance(flow, (history.push(...next), history))
  }
  const said = (task: Task) => ({ name: task.person_name, why: whyText(t, deps.approvers, { ...task, why: task.why ?? null }), instead: task.reason === 'nobody' })
  return { steps: stepsIn(flow, state, stuck, said), complete: state.status === 'approved' }
}

/** Null where even an administrator is missing; what else goes wrong is a fault. */
async function answerTo(deps: Pick<VerbDeps, 'approvers' | 'clock' | 'directory'>, asking: Asking, ask: NonNullable<State['ask']>, chosen: Question['chosen'] | undefined): Promise<Entry[] | null> {
  try {
    return [await answer(deps, asking, ask, chosen)]
  } catch (error) {
    if (isOutcome(error)) return null
    throw error
  }
}

/** What is taken for granted next: those who hold the first open node approve, all of them where all must. */
function assumed(flow: Flow, state: State, at: number): Entry[] {
  const [first] = state.tasks.filter(task => task.status === 'open')
  if (!first) return []
  const step = stepsOf(flow).get(state.nodes[first.node - 1]?.step ?? '')
  const together = step?.kind === 'approval' && step.mode === 'all' ? state.tasks.filter(task => task.status === 'open' && task.node === first.node) : [first]
  return together.map(task => ({ kind: 'decided', at, task: task.id, by: task.person_id, decision: 'approve' }))
}

function stepsIn(flow: Flow, state: State, stuck: string | null, said: (task: Task) => ForeseenStep['people'][number]): ForeseenStep[] {
  const steps = stepsOf(flow)
  return state.nodes.flatMap(({ number, step: id, status, note }): ForeseenStep[] => {
    const step = steps.get(id)
    if (step?.kind !== 'approval') return []
    const people = state.tasks.filter(task => task.node === number).map(said)
    const outcome = id === stuck ? 'nobody' : people.length > 0 ? 'acts' : status === 'rejected' ? 'rejected' : 'passed'
    return [{ id, label: step.label, mode: step.mode, outcome, note, people }]
  })
}
