import { evaluate } from '../../../platform/condition.ts'
import type { Db } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { Directory, DirectoryPerson, RuleUse } from '../define.ts'
import type { VerbDeps } from '../deps.ts'
import { askRule, type Circumstances } from '../rules/ask.ts'
import { untilOf } from '../rules/clock.ts'
import { deputyOf } from '../rules/deputies.ts'
import type { Answer, Assignment, Seated } from '../rules/history.ts'
import type { Ask, State } from '../rules/state.ts'
import type { Step } from '../schema.ts'
import { delegationsAt } from '../store-absence.ts'
import { assign } from './assign.ts'
import type { Instance } from '../store.ts'

/** Whose flow asks; a turn, or a forecast (`foreseen`) that is no instance and writes nothing: of a lot it names all who may be drawn. */
export type Asking = { tx: Db; foreseen?: true; instance: Pick<Instance, 'flow' | 'form' | 'applicant_id' | 'applicant_number' | 'applicant_name' | 'last_absence'> }
export type AnswerDeps = Pick<VerbDeps, 'approvers' | 'clock' | 'directory'>

/** What the world says to an ask. It is kept in the history: who joins or leaves later, and what the form says later, does not rewrite it. */
export async function answer(deps: AnswerDeps, turn: Asking, state: State, ask: Ask): Promise<Answer> {
  const { node, step, seats } = ask
  const at = deps.clock.now()
  if (seats) return { kind: 'handed', at, node, tasks: await handOut(deps, turn, seats, seat => ({ seat: seat.number })) }
  switch (step.kind) {
    case 'approval': return await assign(deps, turn, state, { node, step })
    case 'cc': return { kind: 'copied', at, node, people: await copied(deps, turn, state, step) }
    case 'condition': case 'inclusive': case 'route': return { kind: 'chose', at, node, branches: branchesFor(step, turn.instance.form) }
    case 'delay': return { kind: 'timed', at, node, until: untilOf(step, turn.instance.form) }
    default: return { kind: 'filled', at, node }
  }
}

/** Which branches hold: of a condition the first, of an inclusive step each, else the last, which is `otherwise`; of a route 0 where it jumps. */
function branchesFor(step: Extract<Step, { kind: 'condition' | 'inclusive' | 'route' }>, form: Record<string, unknown>): number[] {
  if (step.kind === 'route') return evaluate(step.when, form) ? [0] : []
  const holding = [...step.branches.entries()].filter(([, branch]) => evaluate(branch.when, form)).map(([index]) => index)
  if (holding.length === 0) return [step.branches.length]
  return step.kind === 'condition' ? holding.slice(0, 1) : holding
}

async function copied(deps: AnswerDeps, turn: Asking, state: State, step: Extract<Step, { kind: 'cc' }>) {
  const { people } = await peopleBy(deps, turn, state, step.id, step.to)
  const known = new Set(state.copied.map(person => person.person_id))
  return people.filter(person => !known.has(person.id)).map(({ id, name }) => ({ person_id: id, person_name: name }))
}

/** Whom a rule names now, as far as the directory still knows them, with what it says of each. */
export async function peopleBy(deps: AnswerDeps, { tx, instance }: Asking, { chosen }: State, step: string, use: RuleUse) {
  const directory = deps.directory(tx)
  const { applicant_id, applicant_number: number, applicant_name: name, form } = instance
  const applicant = await applicantOf(directory, { person_id: applicant_id, number, name })
  const circumstances: Circumstances = { applicant, form, directory, step, chosen }
  const named = await askRule(deps.approvers, use, circumstances)
  return { applicant, directory, people: await peopleOf(directory, named.map(person => person.id)), whys: new Map(named.map(({ id, why }) => [id, why])) }
}

/** The applicant as the directory has them, or as they were when they applied. */
export async function applicantOf(directory: Directory, { person_id, number, name }: { person_id: string; number: string | null; name: string }): Promise<DirectoryPerson> {
  return await directory.person(person_id, number) ?? { id: person_id, name, number, unit_id: null }
}

/** Those whom the directory still knows, in the order in which the rule found them. */
export async function peopleOf(directory: Directory, ids: readonly string[]): Promise<DirectoryPerson[]> {
  const known = new Map((await directory.people([...new Set(ids)])).map(person => [person.id, person]))
  return ids.flatMap(id => known.get(id) ?? [])
}

/** A task for each, to whoever stands in where somebody is away. */
export async function handOut<From extends Seated, More>({ clock }: Pick<VerbDeps, 'clock'>, { tx, instance }: Asking, people: readonly From[], more: (person: From) => More): Promise<(Assignment & More)[]> {
  const now = clock.now()
  const away = (instance.last_absence ?? 0) > now ? await delegationsAt(tx, now) : []
  return people.map(person => {
    const { person_id, person_name, rule, reason, why, weight } = person
    const deputy = deputyOf(person_id, away, instance.applicant_id)
    return {
      id: newId(), person_id: deputy?.id ?? person_id, person_name: deputy?.name ?? person_name, rule, reason, ...(why && { why }), ...(weight !== undefined && { weight }),
      ...(deputy && { for_id: person_id, for_name: person_name }), ...more(person),
    }
  })
}

