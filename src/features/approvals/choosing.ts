import { evaluate } from '../../platform/condition.ts'
import type { Db } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { DirectoryPerson } from './define.ts'
import { questionOf, ruleOf } from './rules/ask.ts'
import { type Choice, choicesIn } from './rules/choices.ts'
import type { Chosen } from './rules/history.ts'
import type { State, Task } from './rules/state.ts'
import { stepsOf } from './rules/tree.ts'
import type { Instance } from './store.ts'
import { type AnswerDeps, applicantOf, peopleOf } from './verbs/answer.ts'

/** Somebody's flow and form, sent or not, and whom was chosen so far. */
export type Choosing = { flow: Instance['flow']; form: Instance['form']; applicant: { person_id: string; number: string | null; name: string }; chosen: Chosen }

/** A choice as a page asks it. `people`: who may be chosen, null for anyone. `chosen`: whom it stands at. */
export type Offer = Pick<Choice, 'step' | 'label' | 'most' | 'when' | 'wanted'> & { people: readonly DirectoryPerson[] | null; chosen: readonly string[] }

/** What the applicant (`by` null), or who approves the step `by`, is asked to choose. Where nobody could be chosen nothing is asked: the step says what then. */
export async function offersTo(deps: AnswerDeps, db: Db, about: Choosing, by: string | null): Promise<Offer[]> {
  const offers = await Promise.all(choicesIn(about.flow, deps.approvers).filter(choice => choice.by === by).map(async choice => {
    const { use: _, by: __, ...offer } = choice
    return { ...offer, people: await candidatesOf(deps, db, about, choice), chosen: about.chosen[choice.step] ?? [] }
  }))
  return offers.filter(offer => offer.people?.length !== 0)
}

/** Who was chosen, for the steps that ask it and for no others. Throws `invalid` where a choice is missing or is not to be made. */
export async function demandChosen(deps: AnswerDeps, db: Db, about: Choosing, by: string | null, given: Chosen = {}): Promise<Chosen> {
  const chosen: Record<string, readonly string[]> = {}
  for (const offer of await offersTo(deps, db, about, by)) {
    if (offer.when !== null && !evaluate(offer.when, about.form)) continue
    const ids = [...new Set(given[offer.step] ?? offer.chosen)]
    const known = offer.people ?? await peopleOf(deps.directory(db), ids)
    if (ids.length > offer.most || ids.some(id => !known.some(person => person.id === id))) throw refused('“{label}”选的人不能选，请重新选择', offer)
    if (ids.length === 0 && offer.wanted) throw refused('请选择“{label}”的办理人', offer)
    if (ids.length > 0) chosen[offer.step] = ids
  }
  return chosen
}

/** What an approval of this task asks besides an opinion. */
export function asksOf({ flow, state }: { flow: Instance['flow']; state: State }, task: Task): { by: string | null; signs: boolean } {
  const step = stepsOf(flow).get(state.nodes[task.node - 1]?.step ?? '')
  const place = state.groups[(state.seats[task.seat - 1]?.group ?? 0) - 1]?.place
  // Who was called in decides nothing for the steps that follow, and who looks for another only gives advice.
  return { by: place === 'node' ? step?.id ?? null : null, signs: step?.kind === 'approval' && step.sign === true && place !== 'delegate' }
}

export function choosingFor({ flow, form, applicant_id, applicant_number, applicant_name }: Instance, { chosen }: Pick<State, 'chosen'>): Choosing {
  return { flow, form, chosen, applicant: { person_id: applicant_id, number: applicant_number, name: applicant_name } }
}

async function candidatesOf(deps: AnswerDeps, db: Db, { applicant, form, chosen }: Choosing, { step, use }: Choice): Promise<DirectoryPerson[] | null> {
  const directory = deps.directory(db)
  const circumstances = { applicant: await applicantOf(directory, applicant), form, directory, step, chosen }
  const ids = await ruleOf(deps.approvers, use).candidates?.(questionOf(deps.approvers, use, circumstances)) ?? null
  return ids && await peopleOf(directory, ids)
}

function refused(sentence: string, { step, label }: Offer): AppError {
  return new AppError('invalid', sentence, { fields: { [`chosen.${step}`]: sentence }, params: { label } })
}
