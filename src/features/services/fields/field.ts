import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { conditionSchema } from '../../../platform/condition.ts'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import type { Control } from './control.ts'
import { NOBODY, type Known } from './known.ts'

export type { Control } from './control.ts'
export type { Known } from './known.ts'

/** A sentence about one field, with what it names; translated where it is shown. */
export type Fault = { sentence: string; params?: Record<string, string | number> }

/** One part of a field that has several, by the part's name; a row of a table by its columns. */
export type TypedParts = Readonly<Record<string, string | readonly string[]>>
/** What a page hands in for one field, and gets back when the form returns: as typed, not yet understood. */
export type Typed = string | readonly string[] | TypedParts | readonly TypedParts[]

/** Where a value that is filled in by itself comes from. */
export const PREFILLS = ['name', 'name_en', 'number', 'unit', 'major', 'class_name', 'grade', 'level', 'title', 'phone', 'mail'] as const
export type Prefill = (typeof PREFILLS)[number]

/** What every field has, whatever its type; left open for what the types add. */
export const CommonField = Type.Object({
  key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
  type: Type.String(),
  label: Type.String({ minLength: 1, maxLength: 40 }),
  help: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  required: Type.Optional(Type.Boolean()),
  /** asked only where this holds of earlier fields */
  when: Type.Optional(conditionSchema),
  /** what the hall knows of the applicant, filled in already and open to change */
  prefill: Type.Optional(Type.Enum([...PREFILLS])),
  /** who fills it in: the applicant, or an approver at a step that may write it */
  by: Type.Optional(Type.Enum(['applicant', 'approver'])),
})
export type CommonField = Static<typeof CommonField>

export type Reading =
  | { value: unknown }
  | { fault: Fault }
  /** of a table: by the name of the cell below the field's own, as `0.price`; with what could be read of it */
  | { faults: Readonly<Record<string, Fault>>; value: unknown }

/** How a field's inputs are called in the page's form: by its key, `key.part`, or `key.row.column`. */
export type Shape = { kind: 'one' } | { kind: 'parts'; names: readonly string[] } | { kind: 'rows'; columns: readonly BoundField[]; most: number }

/** What files a field takes; its value names them by their ids. */
export type FileRule = { types: readonly string[]; max_mb: number; most: number }

/** An answer of several lines. */
export type Grid = { head: readonly string[]; rows: readonly (readonly string[])[]; sums: readonly string[] | null }

/** A field of one form: its definition with what its type knows to do. */
export type BoundField = {
  readonly definition: CommonField
  /** JSON Schema of the value that is kept; null where the field asks nothing */
  readonly schema: TSchema | null
  readonly control: Control
  readonly shape: Shape
  readonly files: FileRule | null
  /** what its value names and only the directory knows */
  readonly names: 'person' | 'unit' | null
  /** its value is kept sealed; what everything else sees is this mask of it */
  readonly mask: ((value: string) => string) | null
  /** how an amount of it reads; null where it is not counted in numbers */
  readonly amount: ((value: number, t: T) => string) | null
  /** the value that follows from the other values; null where it is typed */
  readonly compute: ((values: Readonly<Record<string, unknown>>, known?: Known) => unknown) | null
  /** The value meant by what was typed; `undefined` for nothing typed. Being required is the form's business. */
  read(typed: Typed, known?: Known): Reading
  /** A kept value as the page wants it back. */
  typed(value: unknown): Typed
  /** A kept value as one line for people. */
  summary(value: unknown, t: T, known?: Known): string
  /** A kept value of several lines; null where one line says it. */
  grid(value: unknown, t: T): Grid | null
}

export type FieldType = {
  readonly name: string
  readonly definition: TObject
  /** may stand in a table's row */
  readonly cell: boolean
  /** what of a person it can hold */
  readonly prefills: readonly Prefill[]
  /** What is wrong with a definition besides its shape, for the author of the form. */
  faults(definition: CommonField): readonly string[]
  bind(definition: CommonField): BoundField
}

type Spec<Extra extends TObject, Value extends TSchema> = {
  name: string
  /** what this type's definitions say besides the common part */
  extra: Extra
  cell?: true
  prefills?: readonly Prefill[]
  faults?(field: CommonField & Static<Extra>): readonly string[]
  value(field: CommonField & Static<Extra>): Value | null
  control(field: CommonField & Static<Extra>): Control
  shape?(field: CommonField & Static<Extra>): Shape
  files?(field: CommonField & Static<Extra>): FileRule
  names?: 'person' | 'unit'
  mask?(value: string): string
  amount?(value: number, field: CommonField & Static<Extra>, t: T): string
  compute?(values: Readonly<Record<string, unknown>>, field: CommonField & Static<Extra>, known: Known): unknown
  read(typed: Typed, field: CommonField & Static<Extra>, known: Known): Reading
  typed?(value: Static<Value>, field: CommonField & Static<Extra>): Typed
  summary?(value: Static<Value>, field: CommonField & Static<Extra>, t: T, known: Known): string
  grid?(value: Static<Value>, field: CommonField & Static<Extra>, t: T): Grid
}

const ONE: Shape = { kind: 'one' }

/** A field type: a file in this folder and a line in its `index.ts`. */
export function defineField<Extra extends TObject, Value extends TSchema>(spec: Spec<Extra, Value>): FieldType {
  type Field = CommonField & Static<Extra>
  const definition = Type.Object({ ...CommonField.properties, ...spec.extra.properties }, { additionalProperties: false })
  const isOwn = (field: CommonField): field is Field => fits<Field>(definition, field)
  return {
    name: spec.name,
    definition,
    cell: spec.cell ?? false,
    prefills: spec.prefills ?? [],
    faults: field => isOwn(field) ? (spec.faults?.(field) ?? []) : [],
    bind(field) {
      if (!isOwn(field)) throw new TypeError(`field ${field.key} is no ${spec.name}`)
      const schema = spec.value(field)
      const isValue = (value: unknown): value is Static<Value> => schema !== null && fits<Static<Value>>(schema, value)
      const { amount, compute } = spec
      const summary = (value: Static<Value>, t: T, known: Known): string =>
        spec.summary?.(value, field, t, known) ?? (amount && typeof value === 'number' ? amount(value, field, t) : String(value))
      return {
        definition: field,
        schema,
        control: spec.control(field),
        shape: spec.shape?.(field) ?? ONE,
        files: spec.files?.(field) ?? null,
        names: spec.names ?? null,
        mask: spec.mask ?? null,
        amount: amount ? (value, t) => amount(value, field, t) : null,
        compute: compute ? (values, known = NOBODY) => compute(values, field, known) : null,
        read: (typed, known = NOBODY) => spec.read(typed, field, known),
        typed: value => isValue(value) && spec.typed ? spec.typed(value, field) : typeof value === 'string' || isTexts(value) ? value : '',
        summary: (value, t, known = NOBODY) => isValue(value) ? summary(value, t, known) : '',
        grid: (value, t) => isValue(value) ? (spec.grid?.(value, field, t) ?? null) : null,
      }
    },
  }
}

/** What came cannot have been typed into the field's own control. */
export const MISSHAPEN: { fault: Fault } = { fault: { sentence: '“{label}”的内容格式不对，请重新填写' } }

/** For types that read one line or text: tidied, `undefined` where nothing is left, a fault where several came. */
export function readText(typed: Typed | undefined): { text: string | undefined } | { fault: Fault } {
  if (typed === undefined) return { text: undefined }
  if (typeof typed !== 'string') return MISSHAPEN
  // Control characters are never meant; browsers send line ends as CRLF and count them as one.
  const text = typed.normalize('NFC').replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, '').trim()
  return { text: text === '' ? undefined : text }
}

/** One line read by `parse`, which gives the value or the sentence that says why it is none. */
export function readLine(typed: Typed | undefined, parse: (line: string) => Reading): Reading {
  const read = readText(typed)
  if ('fault' in read) return read
  return read.text === undefined ? { value: undefined } : parse(read.text)
}

/** The parts of a field of several; nothing was typed where none came. */
export function partsOf(typed: Typed): TypedParts | null {
  if (typed === '') return {}
  return typeof typed === 'object' && !isList(typed) ? typed : null
}

/** Length as a person counts it: characters, not UTF-16 units. */
export function lengthOf(text: string): number {
  return [...text].length
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string')
}

function isList(typed: TypedParts | readonly unknown[]): typed is readonly unknown[] {
  return Array.isArray(typed)
}
