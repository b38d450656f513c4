import { randomInt } from 'node:crypto'
import { AppError } from '../../../platform/errors.ts'
import type { Directory, DirectoryPerson } from '../define.ts'
import { choose, hasAgreed, isSettledByOne } from '../rules/choose.ts'
import type { Answer, Reason, Seated } from '../rules/history.ts'
import type { State } from '../rules/state.ts'
import { stepsOf } from '../rules/tree.ts'
import type { ApprovalStep } from '../schema.ts'
import { type AnswerDeps, type Asking, handOut, peopleBy, peopleOf } from './answer.ts'

type Who = { node: number; step: ApprovalStep }

/** Whom a node falls to. */
export async function assign(deps: AnswerDeps, turn: Asking, state: State, { node, step }: Who): Promise<Answer> {
  const at = deps.clock.now()
  const { people, applicant, directory, whys } = await peopleBy(deps, turn, state, step.id, step.approver)
  const found = people.map(person => person.id)
  const leaders = step.self === 'leader' && found.includes(applicant.id) ? await leadersOf(directory, applicant) : []
  // Asked only where nobody else is left: most nodes find somebody.
  const isEmpty = found.length === 0 || (step.self === 'leader' && leaders.length === 0 && found.every(id => id === applicant.id))
  const named = isEmpty && typeof step.nobody === 'object' ? await peopleNumbered(directory, step.nobody.numbers) : []
  const admins = isEmpty ? await peopleOf(directory, await directory.admins()) : []
  const choice = choose(step, found, applicant.id, ids(admins), { leaders: ids(leaders), named: ids(named) })
  if (choice.kind !== 'assigned') return { ...choice, node, at }
  if (choice.people.length === 0) throw new AppError('conflict', '环节“{label}”没有找到办理人，也没有管理员可以代办，请联系管理员', { params: { label: step.label } })
  const names = new Map([...people, ...leaders, ...named, ...admins].map(person => [person.id, person.name]))
  const reasonOf = (id: string): Reason => choice.reason === 'nobody' ? named.some(one => one.id === id) ? 'named' : 'nobody' : found.includes(id) ? 'rule' : 'leader'
  const weights = await weightsOf(directory, step)
  const seated = choice.people.map((id): Seated => {
    const [why, weight] = [reasonOf(id) === 'rule' ? whys.get(id) : undefined, weights?.(id)]
    return { person_id: id, person_name: names.get(id) ?? '', rule: step.approver.rule, reason: reasonOf(id), ...(why && { why }), ...(weight !== undefined && { weight }) }
  })
  return await seat(deps, turn, state, { node, step }, seated)
}

/** Those who have agreed before are not asked again, where the step says so; of the rest those whose turn it is get tasks. */
async function seat(deps: AnswerDeps, turn: Asking, state: State, { node, step }: Who, seated: readonly Seated[]): Promise<Answer> {
  const at = deps.clock.now()
  const before = step.again === undefined || step.again === 'never' ? new Set<string>() : hasAgreed(step, approvalsOf(turn, state))
  const agreed = seated.filter(person => before.has(person.person_id))
  const asked = seated.filter(person => !before.has(person.person_id))
  if (agreed.length > 0 && (asked.length === 0 || isSettledByOne(step))) return { kind: 'skipped', at, node, why: 'again' }
  const lot = step.mode === 'random' && !turn.foreseen ? asked.slice(randomInt(asked.length)).slice(0, 1) : asked
  const first = step.mode === 'in-turn' ? lot.slice(0, 1) : lot
  const later = lot.slice(first.length)
  const tasks = await handOut(deps, turn, first, () => ({}))
  return { kind: 'assigned', at, node, tasks, ...(later.length > 0 && { later }), ...(agreed.length > 0 && { agreed }) }
}

/** Who approved which step, of those that stand as passed, in the order in which they were begun. */
function approvalsOf({ instance }: Asking, state: State): { step: string; people: string[] }[] {
  const steps = stepsOf(instance.flow)
  return state.nodes.filter(node => node.status === 'passed' && state.standing.get(node.step) === node.number && steps.get(node.step)?.kind === 'approval')
    .map(node => ({ step: node.step, people: state.seats.filter(one => one.node === node.number && one.verdict === 'approve').map(one => one.person_id) }))
}

async function leadersOf(directory: Directory, { id, number }: DirectoryPerson): Promise<DirectoryPerson[]> {
  const leader = await directory.leaderOf(id, number)
  return leader && leader !== id ? await peopleOf(directory, [leader]) : []
}

async function peopleNumbered(directory: Directory, numbers: readonly string[]): Promise<DirectoryPerson[]> {
  return (await Promise.all(numbers.map(number => directory.personByNumber(number)))).flatMap(person => person ?? [])
}

/** What a person's voice weighs in the vote; null where everyone's weighs the same. */
async function weightsOf(directory: Directory, { mode, vote }: ApprovalStep): Promise<((id: string) => number) | null> {
  if (mode !== 'vote' || !vote?.weights) return null
  const weights: { people: Set<string>; weight: number }[] = []
  for (const { numbers = [], role, weight } of vote.weights) {
    const holders = role === undefined ? [] : await directory.holdersOf(role)
    weights.push({ people: new Set([...ids(await peopleNumbered(directory, numbers)), ...holders]), weight })
  }
  return id => weights.find(one => one.people.has(id))?.weight ?? 1
}

function ids(people: readonly DirectoryPerson[]): string[] {
  return people.map(person => person.id)
}
