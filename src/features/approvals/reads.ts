import { evaluate } from '../../platform/condition.ts'
import type { Db } from '../../platform/db.ts'
import { asksOf, type Choosing, choosingFor, type Offer, offersTo } from './choosing.ts'
import { advance } from './rules/advance.ts'
import { type Intervening, type Refusal, whyNotCancel, whyNotIntervene, whyNotResubmit, whyNotRevoke, whyNotUrge, whyNotWithdraw } from './rules/can.ts'
import { choicesIn } from './rules/choices.ts'
import { isHeld } from './rules/run.ts'
import { earlierSteps } from './rules/places.ts'
import type { State, Task } from './rules/state.ts'
import { branchesOf, stepsOf } from './rules/tree.ts'
import type { Step } from './schema.ts'
import { historyOf, type Instance, instanceOf, nodesOf, type PictureNode } from './store.ts'
import type { AnswerDeps } from './verbs/answer.ts'
import { whyNotGiveBack } from './verbs/pool.ts'
import { removableSeats, whyNotTakeBack } from './verbs/recall.ts'

/** `ahead`: steps that may still come, in reading order. `choices`: of a step with branches, which of them hold. */
export type Picture = { nodes: PictureNode[]; ahead: Pick<Step, 'id' | 'kind' | 'label'>[]; choices: ReadonlyMap<string, readonly number[]> }

/** The picture of a flow: each visit so far, and the steps that lie ahead while it runs. */
export async function pictureOf(db: Db, instance_id: string): Promise<Picture> {
  const instance = await instanceOf(db, instance_id)
  if (!instance) return { nodes: [], ahead: [], choices: new Map() }
  const state = advance(instance.flow, await historyOf(db, instance_id))
  const ahead = state.status === 'running' ? stepsAhead(instance.flow.nodes, state) : []
  return { nodes: await nodesOf(db, instance_id), ahead: ahead.map(({ id, kind, label }) => ({ id, kind, label })), choices: state.choices }
}

/** Nothing inside what was passed over or not chosen will come. */
function stepsAhead(steps: readonly Step[], state: State): Step[] {
  return steps.flatMap(step => {
    const node = state.nodes[(state.standing.get(step.id) ?? 0) - 1]
    if (node && node.status !== 'open' && node.status !== 'asked') return []
    const chosen = state.choices.get(step.id)
    const inside = branchesOf(step).filter((_, index) => !chosen || chosen.includes(index)).flatMap(branch => stepsAhead(branch, state))
    return node ? inside : [step, ...inside]
  })
}

/** Why the person may not withdraw, resubmit, urge or revoke now; null where the button shows. The verbs ask the same rules again. */
export async function refusalsOf(db: Db, instance_id: string, person_id: string, now: number): Promise<Record<'withdraw' | 'resubmit' | 'urge' | 'revoke', Refusal | null> | null> {
  const instance = await instanceOf(db, instance_id)
  if (!instance) return null
  const { urged_at, suspended, tasks } = advance(instance.flow, await historyOf(db, instance_id))
  return {
    withdraw: whyNotWithdraw(instance, person_id),
    resubmit: whyNotResubmit(instance, person_id),
    urge: whyNotUrge({ ...instance, urged_at, suspended, held: isHeld(tasks) }, person_id, now),
    revoke: whyNotRevoke(instance, instance.flow.revoke === true, person_id),
  }
}

/** Why an administrator's act cannot be done now, null where it can; the verbs ask the same rules again. `steps`: those that may be jumped to. */
export type Interventions = { refusals: Record<Intervening | 'cancel', Refusal | null>; steps: { id: string; label: string }[] }

export async function interventionsOf(db: Db, instance_id: string): Promise<Interventions | null> {
  const read = await readState(db, instance_id)
  if (!read) return null
  const { instance: { flow }, state } = read
  const why = (act: Intervening) => whyNotIntervene(state, act)
  return {
    refusals: { reassign: why('reassign'), jump: why('jump'), end: why('end'), suspend: why('suspend'), resume: why('resume'), move: why('move'), cancel: whyNotCancel(state, flow.revoke === true) },
    steps: [...stepsOf(flow).values()].map(({ id, label }) => ({ id, label })),
  }
}

/** What the holder of an open task may do besides deciding; `earlier`: the steps it may be returned to, in their order. */
export type Options = { earlier: { id: string; label: string }[]; giveBack: boolean }

export async function optionsOf(db: Db, instance_id: string, task_id: string): Promise<Options> {
  const read = await readState(db, instance_id)
  const task = read?.state.tasks.find(one => one.id === task_id)
  if (!read || !task) return { earlier: [], giveBack: false }
  const steps = stepsOf(read.instance.flow)
  return {
    earlier: earlierSteps(read.instance.flow, read.state, task).map(id => ({ id, label: steps.get(id)?.label ?? id })),
    giveBack: whyNotGiveBack(read.state, task) === null,
  }
}

/** What a person may take back: an own approval (the task's id), signers called in. */
export async function recallsOf(db: Db, instance_id: string, person_id: string): Promise<{ approval: Task | null; signers: { seat: number; name: string }[] }> {
  const read = await readState(db, instance_id)
  if (!read) return { approval: null, signers: [] }
  const { instance, state } = read
  return {
    approval: state.tasks.findLast(task => whyNotTakeBack(instance.flow, state, task, person_id) === null) ?? null,
    signers: removableSeats(state, person_id).map(({ number, person_name }) => ({ seat: number, name: person_name })),
  }
}

/** What approving the task asks besides an opinion: whom to choose, and whether to sign. */
export async function asksOfTask(deps: AnswerDeps, db: Db, task: { instance_id: string; id: string }): Promise<{ offers: Offer[]; signs: boolean }> {
  const read = await readState(db, task.instance_id)
  const held = read?.state.tasks.find(one => one.id === task.id)
  if (!read || !held) return { offers: [], signs: false }
  const { by, signs } = asksOf({ flow: read.instance.flow, state: read.state }, held)
  const offers = by === null ? [] : await offersTo(deps, db, choosingFor(read.instance, read.state), by)
  return { offers: offers.filter(({ when }) => when === null || evaluate(when, read.instance.form)), signs }
}

/** Does the flow ask its applicant to choose anybody? */
export function asksApplicant({ approvers }: Pick<AnswerDeps, 'approvers'>, flow: Instance['flow']): boolean {
  return choicesIn(flow, approvers).some(choice => choice.by === null)
}

/** Whom the applicant is to choose when sending, with what the form says so far; of an instance that came back, whom it stands at. */
export async function offersAtStart(deps: AnswerDeps, db: Db, { instance_id, ...about }: Omit<Choosing, 'chosen'> & { instance_id: string | null }): Promise<Offer[]> {
  const chosen = instance_id === null ? {} : (await readState(db, instance_id))?.state.chosen ?? {}
  return await offersTo(deps, db, { ...about, chosen }, null)
}

async function readState(db: Db, instance_id: string): Promise<{ instance: Instance; state: State } | null> {
  const instance = await instanceOf(db, instance_id)
  return instance && { instance, state: advance(instance.flow, await historyOf(db, instance_id)) }
}
