import { type TObject, type TSchema, Type } from 'typebox'
import type { T } from '../../../platform/text.ts'
import type { BoundField, CommonField, Fault, Typed } from '../fields/field.ts'
import { fieldTypes } from '../fields/index.ts'

export type Form = { readonly fields: readonly BoundField[] }
/** As the page sent it, by field key. */
export type Input = Readonly<Record<string, Typed>>
/** As it is kept once accepted, by field key; fields left empty are absent. */
export type Values = Readonly<Record<string, unknown>>
export type Faults = Readonly<Record<string, Fault>>

/** The fields of a published definition, ready to work. */
export function openForm(fields: readonly CommonField[]): Form {
  return { fields: fields.map(field => {
    const type = fieldTypes.get(field.type)
    if (!type) throw new TypeError(`no field type ${field.type}`)
    return type.bind(field)
  }) }
}

/**
 * What the person meant, and what is wrong with it, field by field. What is not asked (its `when` does not hold) is
 * dropped, whatever was sent for it: the form decides, not the browser.
 */
export function readForm(form: Form, input: Input): { values: Values; faults: Faults } {
  const values: Record<string, unknown> = {}
  const faults: Record<string, Fault> = {}
  for (const field of form.fields) {
    const { key, label, required } = field.definition
    if (field.schema === null || !isAsked(field, values)) continue
    const reading = field.read(input[key] ?? '')
    if ('fault' in reading) faults[key] = withLabel(reading.fault, label)
    else if (reading.value !== undefined) values[key] = reading.value
    else if (required) faults[key] = withLabel({ sentence: MISSING[field.control.kind] }, label)
  }
  return { values, faults }
}

/** Is the field asked, given the values of the fields before it? */
export function isAsked({ definition: { when } }: BoundField, values: Values): boolean {
  return when === undefined || values[when.field] === when.is
}

/** Accepted values as the page wants them back. */
export function typedForm(form: Form, values: Values): Record<string, Typed> {
  return Object.fromEntries(form.fields.flatMap(({ definition: { key }, typed }) => values[key] === undefined ? [] : [[key, typed(values[key])]]))
}

/** Label and value of each field answered, as people read them. */
export function answers(form: Form, values: Values, t: T): { key: string; label: string; text: string }[] {
  return form.fields.filter(field => values[field.definition.key] !== undefined)
    .map(({ definition: { key, label }, summary }) => ({ key, label: t(label), text: summary(values[key], t) }))
}

/** JSON Schema of the accepted form. */
export function formSchema(form: Form): TObject {
  const entries = form.fields.flatMap(({ definition, schema }): [string, TSchema][] =>
    schema === null ? [] : [[definition.key, definition.required && !definition.when ? schema : Type.Optional(schema)]])
  return Type.Object(Object.fromEntries(entries), { additionalProperties: false })
}

const MISSING = { line: '请填写“{label}”', area: '请填写“{label}”', choice: '请选择“{label}”', files: '请上传“{label}”', words: '' }

function withLabel({ sentence, params }: Fault, label: string): Fault {
  return { sentence, params: { ...params, label } }
}
