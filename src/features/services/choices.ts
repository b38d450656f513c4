import type { Db } from '../../platform/db.ts'
import { maskNumber } from '../identity/index.ts'
import type { Chosen, Offer } from '../approvals/index.ts'
import type { Context } from './deps.ts'
import type { BoundField } from './fields/field.ts'
import type { KnownPerson } from './fields/known.ts'
import { personField } from './fields/person.ts'
import { knownIn, peopleNamed } from './known.ts'
import { type Form, type Input, readForm, typedForm, type Values } from './rules/form.ts'
import type { Application } from './store/applications.ts'
import type { Version } from './versions.ts'

/** Two underscores are in no key that an author may write. */
export const OWN = 'chosen__'

/** Whom a flow lets its applicant choose, as fields of the form: they are drawn, kept with the draft, asked under their conditions and checked like any other. */
export async function choiceFields(context: Context, db: Db, row: Application, { definition: { flow } }: Pick<Version, 'definition'>, own: Form, input?: Input): Promise<BoundField[]> {
  const { approvals } = context
  if (!approvals.asksApplicant(flow)) return []
  const typed = input ?? row.draft ?? typedForm(own, row.form ?? {})
  const { values } = readForm(own, typed, { known: await knownIn(context, db, own, typed), given: row.form ?? {} })
  const { person_id, person_number: number, person_name: name, instance_id } = row
  return fieldsOf(context, db, await approvals.offersAtStart(db, { flow, form: { ...values }, applicant: { person_id, number, name }, instance_id }))
}

/** What is offered, as fields. */
export async function fieldsOf(context: Pick<Context, 'identity'>, db: Db, offers: readonly Offer[]): Promise<BoundField[]> {
  const chosen = await peopleNamed(context, db, offers.flatMap(offer => offer.chosen))
  return offers.map(offer => choiceField(offer, offer.chosen.flatMap(id => chosen.get(id) ?? [])))
}

/** Who was chosen, apart from what was filled in. */
export function splitChosen(values: Values, offers: readonly BoundField[]): { form: Values; chosen: Chosen } {
  const keys = new Map(offers.flatMap(({ definition: { key }, control }) => control.kind === 'person' && control.step !== undefined ? [[key, control.step]] : []))
  const picked = [...keys].flatMap(([key, step]): [string, string[]][] => values[key] === undefined ? [] : [[step, [values[key]].flat().map(String)]])
  return { form: Object.fromEntries(Object.entries(values).filter(([key]) => !keys.has(key))), chosen: Object.fromEntries(picked) }
}

function choiceField({ step, label, most, when, wanted, people }: Offer, preset: readonly KnownPerson[]): BoundField {
  const among = people?.map(offered) ?? null
  const definition = {
    key: `${OWN}${step.replaceAll('-', '_')}`.slice(0, 40), type: 'person', label: label.slice(0, 40), help: '这一环节由你选定的人办理', required: wanted, ...(when && { when }), many: most > 1, ...(most > 1 && { max: most }),
  }
  const field = personField.bind(definition)
  const known = among && { people: new Map(among.map(person => [person.id, person])), units: new Map() }
  return { ...field, control: { kind: 'person', of: 'staff', most, among, preset, step }, read: (typed, directory) => field.read(typed, known ?? directory) }
}

/** Whoever the rule of the step allows may be chosen, staff or not. */
function offered({ id, name, number, unit_name = '' }: NonNullable<Offer['people']>[number]): KnownPerson {
  return { id, name, unit: unit_name, number: number === null ? '' : maskNumber(number), kind: 'staff', gone: false }
}
