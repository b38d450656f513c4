import { type TObject, type TSchema, Type } from 'typebox'
import { evaluate } from '../../../platform/condition.ts'
import type { T } from '../../../platform/text.ts'
import type { BoundField, CommonField, Fault, Known, Reading, Typed } from '../fields/field.ts'
import { fieldTypes } from '../fields/index.ts'
import { missing } from '../fields/missing.ts'

export type Form = { readonly fields: readonly BoundField[] }
/** As the page sent it, by field key. */
export type Input = Readonly<Record<string, Typed>>
/** As it is kept once accepted, by field key; fields left empty are absent. */
export type Values = Readonly<Record<string, unknown>>
/** By field key; of a table's cell by `key.row.column`. */
export type Faults = Readonly<Record<string, Fault>>
/** An answer as people read it; `lines` where it is more than a line. */
export type Answer = { key: string; label: string; text: string; lines: ReturnType<BoundField['grid']> }

/** The fields of a published definition, ready to work. */
export function openForm(fields: readonly CommonField[]): Form {
  return { fields: fields.map(field => {
    const type = fieldTypes.get(field.type)
    if (!type) throw new TypeError(`no field type ${field.type}`)
    return type.bind(field)
  }) }
}

/** What an applicant fills in; the rest is the approvers'. */
export function applicantsPart(form: Form): Form {
  return { fields: form.fields.filter(field => field.definition.by !== 'approver') }
}

/**
 * What the person meant, and what is wrong with it, field by field. What is not asked (its `when` does not hold) is
 * dropped, whatever was sent for it: the form decides, not the browser. `given`: values of fields that are not read here
 * and that conditions and calculations may ask for. Where there are faults, values are what could be read all the same.
 */
export function readForm(form: Form, input: Input, { known, given = {} }: { known?: Known; given?: Values } = {}): { values: Values; faults: Faults } {
  const values: Record<string, unknown> = { ...given }
  const faults: Record<string, Fault> = {}
  for (const field of form.fields) {
    const { key, label, required } = field.definition
    delete values[key]
    if (field.schema === null || !isAsked(field, values)) continue
    const reading = readField(field, input, values, known)
    if ('fault' in reading) faults[key] = withLabel(reading.fault, label)
    else if (reading.value !== undefined) values[key] = reading.value
    else if (required) faults[key] = withLabel(missing(field), label)
    if ('faults' in reading) for (const [cell, fault] of Object.entries(reading.faults)) faults[`${key}.${cell}`] = fault
  }
  return { values, faults }
}

function readField(field: BoundField, input: Input, values: Values, known: Known | undefined): Reading {
  if (field.compute) return { value: field.compute(values, known) }
  return field.read(Object.hasOwn(input, field.definition.key) ? input[field.definition.key] ?? '' : '', known)
}

/** Is the field asked, given the values of the fields before it? */
export function isAsked({ definition: { when } }: BoundField, values: Values): boolean {
  return when === undefined || evaluate(when, values)
}

/** Accepted values as the page wants them back. */
export function typedForm(form: Form, values: Values): Record<string, Typed> {
  return Object.fromEntries(form.fields.flatMap(({ definition: { key }, compute, typed }) => compute || values[key] === undefined ? [] : [[key, typed(values[key])]]))
}

/** Label and value of each field answered, as people read them. */
export function answers(form: Form, values: Values, t: T, known?: Known): Answer[] {
  return form.fields.filter(field => values[field.definition.key] !== undefined)
    .map(({ definition: { key, label }, summary, grid }) => ({ key, label: t(label), text: summary(values[key], t, known), lines: grid(values[key], t) }))
}

/** JSON Schema of the accepted form. */
export function formSchema(form: Form): TObject {
  const entries = form.fields.flatMap(({ definition, schema, compute }): [string, TSchema][] =>
    schema === null ? [] : [[definition.key, definition.required && !definition.when && definition.by !== 'approver' && !compute ? schema : Type.Optional(schema)]])
  return Type.Object(Object.fromEntries(entries), { additionalProperties: false })
}

function withLabel({ sentence, params }: Fault, label: string): Fault {
  return { sentence, params: { ...params, label } }
}
