import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import type { Act as Acted } from '../rules/acts.ts'
import { type Refusal, whyNotDecide } from '../rules/can.ts'
import type { Act, Place, Reason, Seated, SideMode } from '../rules/history.ts'
import type { State, Task } from '../rules/state.ts'
import { peopleOf } from './answer.ts'
import { checkedText, remark } from './remark.ts'
import { demand, factsOf, play, takeTurnOfTask, taskIn, type Turn } from './turn.ts'

/** To whom, and with which words. */
export type PassingOn = { task_id: string; to: readonly string[]; comment?: string }

/** 转交: another decides instead. */
export function transfer(deps: VerbDeps, tx: Tx, actor: Actor, input: PassingOn): Promise<void> {
  return passOn(deps, tx, actor, input, { act: 'transfer', reason: 'transfer', entry: (mine, [to]) => to && { ...mine, kind: 'transferred', to } })
}

/** 委派: another looks at it first and it comes back. */
export function delegate(deps: VerbDeps, tx: Tx, actor: Actor, input: PassingOn): Promise<void> {
  return passOn(deps, tx, actor, input, { act: 'delegate', reason: 'delegate', entry: (mine, [to]) => to && { ...mine, kind: 'delegated', to } })
}

/** 沟通: another is asked; the task stays where it is, and the question wants words. */
export function consult(deps: VerbDeps, tx: Tx, actor: Actor, input: PassingOn): Promise<void> {
  return passOn(deps, tx, actor, input, { act: 'consult', reason: 'consult', missing: '请写明要问什么', entry: (mine, [to]) => to && { ...mine, kind: 'consulted', to } })
}

/** 加签 before, beside or after the own say. */
export function addSigners(deps: VerbDeps, tx: Tx, actor: Actor, { place, mode, ...input }: PassingOn & { place: Place; mode: SideMode }): Promise<void> {
  return passOn(deps, tx, actor, input, { act: `add-${place}`, reason: 'add', entry: (mine, people) => ({ ...mine, kind: 'signers-added', place, mode, people }) })
}

type Mine = { at: number; task: string; by: string }
type Manner = { act: Acted; reason: Reason; missing?: string; entry(mine: Mine, people: Seated[]): Act | undefined }

/** More than these nobody waits for. */
const MOST_SIGNERS = 20

async function passOn(deps: VerbDeps, tx: Tx, actor: Actor, { task_id, to, comment = '' }: PassingOn, { act, reason, missing, entry }: Manner): Promise<void> {
  const turn = await takeTurnOfTask(tx, actor, task_id)
  const task = taskIn(turn, task_id)
  demand(whyNotDecide(factsOf(turn, task), actor.person_id))
  demandWhole(to, missing && comment.trim() === '' ? { comment: missing } : {})
  const text = checkedText(comment, missing)
  const people = await chosenPeople(deps, turn, to)
  for (const person of people) demandFit(turn, task, person, reason)
  const made = entry({ at: deps.clock.now(), task: task_id, by: task.person_id }, people.map(({ person_id, person_name }) => ({ person_id, person_name, rule: ruleOf(turn.state, task), reason })))
  if (!made) throw wrong('请选择人员')
  await remark(deps, turn, { act, person_name: task.person_name, node: task.node, whom: people.map(person => person.person_name).join('、'), text })
  await play(deps, turn, made, { note: text })
}

/** Throws `invalid` with all that is missing, each at its field. */
function demandWhole(to: readonly string[], words: { comment?: string }): void {
  const missing = { ...to.length === 0 && { to: '请选择人员' }, ...words }
  const [first] = Object.values(missing)
  if (first) throw new AppError('invalid', first, { fields: missing })
}

/** Those whom the directory knows. Throws `invalid` where nobody, or too many, were chosen. */
export async function chosenPeople(deps: VerbDeps, { tx }: Pick<Turn, 'tx'>, to: readonly string[]): Promise<{ person_id: string; person_name: string }[]> {
  const ids = [...new Set(to)]
  if (ids.length > MOST_SIGNERS) throw wrong('一次最多选择 {most} 人', { most: MOST_SIGNERS })
  const people = ids.length > 0 ? await peopleOf(deps.directory(tx), ids) : []
  if (people.length === 0) throw wrong('请选择人员')
  if (people.length < ids.length) throw wrong('选择的人员已经不在通讯录里，请重新选择')
  return people.map(({ id, name }) => ({ person_id: id, person_name: name }))
}

type Fitting = [turn: Pick<Turn, 'instance' | 'state'>, task: Task, person: { person_id: string; person_name: string }, reason: Reason]

/** Throws `invalid` where the person is not to have a say here. */
export function demandFit(...fitting: Fitting): void {
  const refusal = whyNotFit(...fitting)
  if (refusal) throw wrong(refusal.sentence, refusal.params)
}

export function whyNotFit(...[{ instance, state }, task, { person_id, person_name }, reason]: Fitting): Refusal | null {
  const refusal = (sentence: string, params?: Refusal['params']): Refusal => ({ kind: 'conflict', sentence, ...(params && { params }) })
  const group = state.seats[task.seat - 1]?.group
  if (person_id === task.person_id) return refusal('不能选择正在办理的人自己')
  if (person_id === instance.applicant_id && reason !== 'consult') return refusal('申请人不能办理自己的申请')
  const sits = state.seats.some(seat => seat.group === group && !seat.gone && seat.person_id === person_id)
  return sits && (reason === 'transfer' || reason === 'reassign') ? refusal('{name}已经是这个环节的办理人', { name: person_name }) : null
}

function ruleOf({ seats }: State, task: Task): string {
  return seats[task.seat - 1]?.rule ?? task.rule
}

export function wrong(sentence: string, params: Record<string, string | number> = {}): AppError {
  return new AppError('invalid', sentence, { fields: { to: sentence }, params })
}
