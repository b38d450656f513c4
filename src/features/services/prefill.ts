import type { Db } from '../../platform/db.ts'
import { maskPhone } from '../identity/index.ts'
import type { Context, Person } from './deps.ts'
import type { Prefill, Typed } from './fields/field.ts'
import type { Form, Input, Values } from './rules/form.ts'

export type Source = 'students' | 'staff' | 'account'
/** What the hall knows already for one field. `masked`: how it is shown until its owner asks to see it. */
export type Known = { typed: string; masked: string | null; source: Source }
export type Prefilled = ReadonlyMap<string, Known>
/** Of each field that was filled in already: from where, and whether it was sent as it came. */
export type Sources = Readonly<Record<string, { from: Source; same: boolean }>>

/** What is known of the person for the fields of this form that take it from there. */
export async function prefillOf({ identity }: Pick<Context, 'identity'>, db: Db, form: Form, { person_id, number, kind }: Pick<Person, 'person_id' | 'number' | 'kind'>): Promise<Prefilled> {
  const wanted = form.fields.flatMap(({ definition: { key, prefill } }) => prefill ? [{ key, prefill }] : [])
  if (wanted.length === 0) return new Map()
  const facts = new Map(Object.entries(await identity.factsOf(db, person_id, number)))
  const { email, phone } = await identity.contactOf(db, person_id)
  const roster: Source = kind === 'staff' ? 'staff' : 'students'
  const find = (prefill: Prefill): Known | null => {
    if (prefill === 'phone') return phone === null ? null : { typed: phone, masked: maskPhone(phone), source: 'account' }
    if (prefill === 'mail') return email === null ? null : { typed: email, masked: null, source: 'account' }
    const fact = facts.get(prefill)
    return fact === undefined ? null : { typed: fact, masked: null, source: roster }
  }
  return new Map(wanted.flatMap(({ key, prefill }) => {
    const found = find(prefill)
    return found ? [[key, found]] : []
  }))
}

/** The form as it is shown: what was typed, masked where it is what is known; and what is known where nothing was typed yet. A cleared field stays clear. */
export function withPrefill(input: Input, prefilled: Prefilled): Record<string, Typed> {
  const shown = [...prefilled].map(([key, { typed, masked }]): [string, Typed] => [key, input[key] === undefined || input[key] === typed ? masked ?? typed : input[key]])
  return { ...input, ...Object.fromEntries(shown) }
}

/** What was meant: a field that still shows the mask means what is behind it. */
export function unmasked(input: Input, prefilled: Prefilled): Record<string, Typed> {
  return { ...input, ...Object.fromEntries([...prefilled].flatMap(([key, { typed, masked }]) => masked !== null && input[key] === masked ? [[key, typed]] : [])) }
}

/** Which of the values came from what was known, and which of those the person changed. */
export function sourcesOf(form: Form, values: Values, prefilled: Prefilled): Sources {
  return Object.fromEntries(form.fields.flatMap(({ definition: { key }, read }) => {
    const known = prefilled.get(key)
    if (!known || values[key] === undefined) return []
    const reading = read(known.typed)
    return [[key, { from: known.source, same: 'value' in reading && reading.value === values[key] }]]
  }))
}
