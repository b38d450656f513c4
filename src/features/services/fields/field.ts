import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'

/** A sentence about one field, with what it names; translated where it is shown. */
export type Fault = { sentence: string; params?: Record<string, string | number> }

/** What a page hands in for one field, and gets back when the form returns: as typed, not yet understood. */
export type Typed = string | readonly string[]

/** What every field has, whatever its type; left open for what the types add. */
export const CommonField = Type.Object({
  key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
  type: Type.String(),
  label: Type.String({ minLength: 1, maxLength: 40 }),
  help: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  required: Type.Optional(Type.Boolean()),
  /** asked only where an earlier field has this value */
  when: Type.Optional(Type.Object({ field: Type.String(), is: Type.String() }, { additionalProperties: false })),
})
export type CommonField = Static<typeof CommonField>

/** How a field is drawn. The page places it; which control fits is known here alone. */
export type Control =
  | { kind: 'line'; type: 'text' | 'email' | 'date'; inputmode?: string; autocomplete?: string; maxlength?: number; min?: string; max?: string }
  | { kind: 'area'; maxlength: number; rows: number }
  | { kind: 'choice'; options: { value: string; label: string }[]; as: 'radio' | 'list' }
  | { kind: 'files'; accept: string; most: number; types: readonly string[]; max_mb: number }
  | { kind: 'words' }

export type Reading = { value: unknown } | { fault: Fault }

/** A field of one form: its definition with what its type knows to do. */
export type BoundField = {
  readonly definition: CommonField
  /** JSON Schema of the value that is kept; null where the field asks nothing */
  readonly schema: TSchema | null
  readonly control: Control
  /** The value meant by what was typed; `undefined` for nothing typed. Being required is the form's business. */
  read(typed: Typed): Reading
  /** A kept value as the page wants it back. */
  typed(value: unknown): Typed
  /** A kept value as one line for people. */
  summary(value: unknown, t: T): string
}

export type FieldType = {
  readonly name: string
  readonly definition: TObject
  bind(definition: CommonField): BoundField
}

type Spec<Extra extends TObject, Value extends TSchema> = {
  name: string
  /** what this type's definitions say besides the common part */
  extra: Extra
  value(field: CommonField & Static<Extra>): Value | null
  control(field: CommonField & Static<Extra>): Control
  read(typed: Typed, field: CommonField & Static<Extra>): Reading
  summary?(value: Static<Value>, field: CommonField & Static<Extra>, t: T): string
}

/** A field type: a file in this folder and a line in its `index.ts`. */
export function defineField<Extra extends TObject, Value extends TSchema>(spec: Spec<Extra, Value>): FieldType {
  const definition = Type.Object({ ...CommonField.properties, ...spec.extra.properties }, { additionalProperties: false })
  return {
    name: spec.name,
    definition,
    bind(field) {
      if (!fits<CommonField & Static<Extra>>(definition, field)) throw new TypeError(`field ${field.key} is no ${spec.name}`)
      const schema = spec.value(field)
      const isValue = (value: unknown): value is Static<Value> => schema !== null && fits<Static<Value>>(schema, value)
      return {
        definition: field,
        schema,
        control: spec.control(field),
        read: typed => spec.read(typed, field),
        typed: value => typeof value === 'string' || isTexts(value) ? value : '',
        summary: (value, t) => isValue(value) ? (spec.summary?.(value, field, t) ?? String(value)) : '',
      }
    },
  }
}

/** For types that read one line or text: tidied, `undefined` where nothing is left, a fault where several came. */
export function readText(typed: Typed): { text: string | undefined } | { fault: Fault } {
  if (typeof typed !== 'string') return { fault: { sentence: '“{label}”的内容格式不对，请重新填写' } }
  // Control characters are never meant; browsers send line ends as CRLF and count them as one.
  const text = typed.normalize('NFC').replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, '').trim()
  return { text: text === '' ? undefined : text }
}

/** Length as a person counts it: characters, not UTF-16 units. */
export function lengthOf(text: string): number {
  return [...text].length
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string')
}
