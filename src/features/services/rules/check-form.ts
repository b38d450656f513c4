import { type Static, type TSchema, Type } from 'typebox'
import { isTooDeep, type Question, questionsOf } from '../../../platform/condition.ts'
import { errorsIn, fits, type SchemaError } from '../../../platform/schema.ts'
import type { BoundField, CommonField } from '../fields/field.ts'
import { fieldTypes } from '../fields/index.ts'
import { type Expression, expressionSchema, type Wanted, wantedBy } from './expression.ts'

/** More is no form but a book; and each is an input of one page. */
export const MOST_FIELDS = 200
/** Inputs of one page, the cells of its tables at their longest: what one request may carry (edges/http/multipart.ts). */
export const MOST_INPUTS = 3000
/** Deeper than any real definition; checked before anything walks down into it. */
const DEEPEST = 60

/** What keeps a definition from being looked at: so large or so deep that reading it would hurt. */
export function sizeFaults(definition: unknown): string[] {
  if (isTooDeep(definition, DEEPEST)) return [`nested more than ${DEEPEST} levels deep`]
  const fields = fits<Static<typeof Listed>>(Listed, definition) ? definition.form.fields.length : 0
  return fields > MOST_FIELDS ? [`/form/fields: there are ${fields} fields, at most ${MOST_FIELDS} are allowed`] : []
}

const Listed = Type.Object({ form: Type.Object({ fields: Type.Array(Type.Unknown()) }) })

/** What is wrong with the fields of a form, each with its place: what a type does not know, and names of what is not there. */
export function formFaults(fields: readonly CommonField[]): string[] {
  const own = fields.flatMap((field, index) => ownFaults(field).map(fault => `/form/fields/${index}${fault}`))
  if (own.length > 0) return own
  const inputs = fields.reduce((sum, field) => sum + inputsOf(field), 0)
  const bound = fields.flatMap(field => fieldTypes.get(field.type)?.bind(field) ?? [])
  return [
    ...inputs > MOST_INPUTS ? [`/form/fields: ${inputs} inputs with every table filled, at most ${MOST_INPUTS} are allowed`] : [],
    ...fields.flatMap((field, index) => [
      ...fields.findIndex(other => other.key === field.key) === index ? [] : [`/form/fields/${index}/key: ${field.key} is there twice`],
      ...[...whenFaults(field, bound.slice(0, index)), ...calculationFaults(field, bound.slice(0, index))].map(fault => `/form/fields/${index}${fault}`),
    ]),
  ]
}

/** Each wrong place and what it should be. */
export function faultsIn(schema: TSchema, value: unknown): string[] {
  // A schema of `false` is how a closed object says that a key is unknown; it is told once, by its parent.
  const told = errorsIn(schema, value).filter(error => error.keyword !== 'boolean')
  return [...Map.groupBy(told, error => error.instancePath)].flatMap(([place, errors]) => [...new Set(atOnePlace(errors))].map(sentence => `${place} ${sentence}`))
}

/** What fits none of several shapes is told once, with the types that would do, not once for each shape. */
function atOnePlace(errors: readonly SchemaError[]): string[] {
  const types = new Set(errors.flatMap(error => error.keyword === 'type' ? error.params.type : []))
  return errors.some(error => error.keyword === 'anyOf') && types.size > 0 ? [`must be one of ${[...types].join(', ')}`] : errors.map(sentenceOf)
}

function sentenceOf(error: SchemaError): string {
  return error.keyword === 'additionalProperties' ? `${error.message}: ${error.params.additionalProperties.join(', ')}` : error.message
}

function ownFaults(field: CommonField): string[] {
  const type = fieldTypes.get(field.type)
  if (!type) return [`/type: there is no field type ${field.type}`]
  if (isTooDeep(field.when)) return ['/when: nested too deep to be read']
  const endless = Object.entries(field).find(([name, said]) => ASKED_EVERY_TIME.has(name) && partsIn(said) > MOST_PARTS)
  if (endless) return [`/${endless[0]}: of more than ${MOST_PARTS} parts`]
  const shape = faultsIn(type.definition, field)
  if (shape.length > 0) return shape
  return [
    ...[field, ...columnsOf(field)].some(({ key }) => key in Object.prototype) ? [`/key: ${field.key} has a name that JavaScript keeps for itself`] : [],
    ...[field, ...columnsOf(field)].some(({ key }) => key.includes('__')) ? [`/key: ${field.key} has two underscores, which the hall's own fields have`] : [],
    ...field.prefill && !type.prefills.includes(field.prefill) ? [`/prefill: a ${field.type} cannot hold ${field.prefill}`] : [],
    ...type.faults(field).map(fault => `/${fault}`),
  ]
}

// Worked out again with every key that somebody types. What people write has a dozen parts.
const ASKED_EVERY_TIME: ReadonlySet<string> = new Set(['when', 'value'])
const MOST_PARTS = 500

function partsIn(said: unknown): number {
  return typeof said !== 'object' || said === null ? 1 : Object.values(said).reduce((sum: number, part) => sum + partsIn(part), 1)
}

const Tabular = Type.Object({ columns: Type.Array(Type.Object({ key: Type.String(), type: Type.String() })), max_rows: Type.Optional(Type.Number()) })

function columnsOf(field: CommonField): readonly { key: string; type: string }[] {
  return fits<Static<typeof Tabular>>(Tabular, field) ? field.columns : []
}

function inputsOf(field: CommonField): number {
  const { shape } = fieldTypes.get(field.type)?.bind(field) ?? { shape: { kind: 'one' } }
  if (shape.kind === 'one') return 1
  return shape.kind === 'parts' ? shape.names.length : shape.columns.length * shape.most
}

function whenFaults({ when, by }: CommonField, earlier: readonly BoundField[]): string[] {
  if (!when) return []
  return questionsOf(when).flatMap((question: Question) => {
    const asked = earlier.find(field => field.definition.key === question.field && field.schema !== null)
    if (!asked) return [`/when: there is no earlier field ${question.field}`]
    if (asked.definition.by === 'approver' && by !== 'approver') return [`/when: ${question.field} is filled in by an approver, later than this`]
    return questionFaults(question, asked)
  })
}

function questionFaults({ field, is, 'is-not': isNot, in: among = [], over, under }: Question, asked: BoundField): string[] {
  const words = [is, isNot, ...among].filter(word => word !== undefined)
  if (asked.mask && (words.length > 0 || over !== undefined || under !== undefined)) return [`/when: of ${field} only 'filled' can be asked, it is kept sealed`]
  const can = (word: unknown) => fits(asked.schema ?? Type.Never(), word) || fits(asked.schema ?? Type.Never(), [word])
  return [
    ...words.filter(word => !can(word)).map(word => `/when: no earlier field ${field} can be ${word}`),
    ...[over, under].filter(bound => bound !== undefined && typeof bound !== boundOf(asked)).map(bound => `/when: ${field} is never over or under ${bound}`),
  ]
}

/** Its value holds several things, which can be counted. */
function holdsSeveral({ control, shape }: BoundField): boolean {
  return shape.kind === 'rows' || control.kind === 'files' || (control.kind === 'choice' && control.as === 'check') || (control.kind === 'person' && control.most > 1) || (control.kind === 'unit' && control.many)
}

function boundOf(field: BoundField): 'number' | 'string' | undefined {
  const { amount, control } = field
  if (amount || holdsSeveral(field) || control.kind === 'rating') return 'number'
  return control.kind === 'line' && (control.type === 'date' || control.type === 'time') ? 'string' : undefined
}

const Calculated = Type.Object({ type: Type.Literal('computed'), value: expressionSchema })

function calculationFaults(field: CommonField, earlier: readonly BoundField[]): string[] {
  const inside = columnsOf(field).flatMap((column, at, columns) => wrongIn(column, columns.slice(0, at).flatMap(one => bindCell(one))).map(fault => `/columns/${at}${fault}`))
  return [...wrongIn(field, earlier), ...inside]
}

function bindCell(column: unknown): BoundField[] {
  const type = fits<CommonField>(Type.Object({ type: Type.String() }), column) ? fieldTypes.get(column.type) : undefined
  return type && fits<CommonField>(type.definition, column) ? [type.bind(column)] : []
}

function wrongIn(field: unknown, earlier: readonly BoundField[]): string[] {
  if (!fits<{ value: Expression }>(Calculated, field)) return []
  return wantedBy(field.value).filter(wanted => !earlier.some(one => one.definition.key === wanted.field && suits(one, wanted.as)))
    .map(({ field: name, as }) => `/value: no earlier field ${name} ${typeof as === 'object' ? `is a table with a column of numbers ${as.column}` : WANTED[as]}`)
}

const WANTED = { number: 'is a number', day: 'is a day', days: 'is a range of days', several: 'holds several things' }

function suits(field: BoundField, as: Wanted['as']): boolean {
  const { amount, control, definition, shape } = field
  if (as === 'number') return amount !== null || control.kind === 'rating'
  if (as === 'day') return control.kind === 'line' && control.type === 'date'
  if (as === 'days') return control.kind === 'pair' && control.line.type === 'date'
  if (as === 'several') return holdsSeveral(field)
  return shape.kind === 'rows' && shape.columns.some(column => column.definition.key === as.column && column.amount !== null) && definition.type === 'table'
}

