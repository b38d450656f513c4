import type { Db } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { Directory, DirectoryPerson, Question } from '../define.ts'
import type { VerbDeps } from '../deps.ts'
import { askRule } from '../rules/ask.ts'
import { choose } from '../rules/choose.ts'
import type { Answer, Ask } from '../rules/history.ts'
import type { Instance } from '../store.ts'

/** Whose flow asks; a turn, or a forecast that is no instance and writes nothing. */
export type Asking = { tx: Db; instance: Pick<Instance, 'form' | 'applicant_id' | 'applicant_number' | 'applicant_name'> }

/** Asks the node's rule whom it falls to. `chosen`: whom people chose, by step. The answer is kept in the history: who joins or leaves later does not rewrite it. */
export async function answer({ approvers, clock, directory: directoryIn }: Pick<VerbDeps, 'approvers' | 'clock' | 'directory'>, { tx, instance }: Asking, { node, step }: Ask, chosen: Question['chosen'] = {}): Promise<Answer> {
  const directory = directoryIn(tx)
  const { applicant_id, applicant_number: number, applicant_name: name } = instance
  const applicant = await directory.person(applicant_id, number) ?? { id: applicant_id, name, number, unit_id: null }
  const named = await askRule(approvers, step.approver, { applicant, form: instance.form, directory, step: step.id, chosen })
  const found = await peopleOf(directory, named.map(person => person.id))
  const admins = found.length > 0 ? [] : await peopleOf(directory, await directory.admins())
  const choice = choose(step, found.map(person => person.id), applicant_id, admins.map(person => person.id))
  const at = clock.now()
  if (choice.kind !== 'assigned') return { ...choice, node, at }
  if (choice.people.length === 0) throw new AppError('conflict', '环节“{label}”没有找到办理人，也没有管理员可以代办，请联系管理员', { params: { label: step.label } })
  const names = new Map([...found, ...admins].map(person => [person.id, person.name]))
  const whys = new Map(named.map(({ id, why }) => [id, why]))
  const tasks = choice.people.map(id => {
    const why = choice.reason === 'rule' ? whys.get(id) : undefined
    return { id: newId(), person_id: id, person_name: names.get(id) ?? '', rule: step.approver.rule, reason: choice.reason, ...(why && { why }) }
  })
  return { kind: 'assigned', at, node, tasks }
}

/** Those whom the directory still knows, in the order in which the rule found them. */
async function peopleOf(directory: Directory, ids: readonly string[]): Promise<DirectoryPerson[]> {
  const known = new Map((await directory.people([...new Set(ids)])).map(person => [person.id, person]))
  return ids.flatMap(id => known.get(id) ?? [])
}
