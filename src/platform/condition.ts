import { type Static, Type } from 'typebox'

const closed = { additionalProperties: false }
const Word = Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()])
const bound = Type.Union([Type.Number(), Type.String({ maxLength: 40 })])

/** A question about one value; where it asks several things, all must hold. */
const leaf = Type.Object({
  field: Type.String({ minLength: 1, maxLength: 40 }),
  is: Type.Optional(Word),
  'is-not': Type.Optional(Word),
  in: Type.Optional(Type.Array(Word, { minItems: 1, maxItems: 200 })),
  over: Type.Optional(bound),
  under: Type.Optional(bound),
  filled: Type.Optional(Type.Boolean()),
}, { ...closed, minProperties: 2 })

/** A condition as data: a small tree of questions about values. Nothing in it is ever run. */
export const conditionSchema = Type.Cyclic({
  Condition: Type.Union([
    leaf,
    Type.Object({ all: Type.Array(Type.Ref('Condition'), { minItems: 1, maxItems: 50 }) }, closed),
    Type.Object({ any: Type.Array(Type.Ref('Condition'), { minItems: 1, maxItems: 50 }) }, closed),
    Type.Object({ not: Type.Ref('Condition') }, closed),
  ]),
}, 'Condition')

export type Condition = Static<typeof conditionSchema>
export type Question = Static<typeof leaf>
type Word = Static<typeof Word>

/** Deeper than this nobody reads a condition, and nothing can be made to run long by nesting. */
const DEEPEST = 5

/** Does the condition hold for these values? What is not there is not filled, is nothing, and lies neither over nor under anything. */
export function evaluate(condition: Condition, values: Readonly<Record<string, unknown>>): boolean {
  if ('all' in condition) return condition.all.every(one => evaluate(one, values))
  if ('any' in condition) return condition.any.some(one => evaluate(one, values))
  if ('not' in condition) return !evaluate(condition.not, values)
  return answers(condition, Object.hasOwn(values, condition.field) ? values[condition.field] : undefined)
}

/** Every question of the tree, in reading order. */
export function questionsOf(condition: Condition): Question[] {
  if ('all' in condition) return condition.all.flatMap(questionsOf)
  if ('any' in condition) return condition.any.flatMap(questionsOf)
  return 'not' in condition ? questionsOf(condition.not) : [condition]
}

/** Is anything nested deeper than that? A tree as deep as an attacker likes would end the process; asked before the schema. */
export function isTooDeep(condition: unknown, deepest = DEEPEST): boolean {
  if (typeof condition !== 'object' || condition === null) return false
  return deepest === 0 || Object.values(condition).some(part => [part].flat().some(one => isTooDeep(one, deepest - 1)))
}

function answers({ is, 'is-not': isNot, in: among, over, under, filled }: Question, value: unknown): boolean {
  return (is === undefined || has(value, is)) && (isNot === undefined || !has(value, isNot)) && (among === undefined || among.some(one => has(value, one)))
    && (over === undefined || lies(value, over) > 0) && (under === undefined || lies(value, under) < 0) && (filled === undefined || isFilled(value) === filled)
}

/** A list of several choices 'is' each of them. */
function has(value: unknown, word: Word): boolean {
  return Array.isArray(value) ? value.includes(word) : value === word
}

/** Numbers by size, days and times by their text; what cannot be compared lies nowhere. A list counts by its length. */
function lies(value: unknown, limit: number | string): number {
  const measured: unknown = Array.isArray(value) ? value.length : value
  if (typeof measured === 'number' && typeof limit === 'number') return measured - limit
  if (typeof measured === 'string' && typeof limit === 'string') return measured < limit ? -1 : Number(measured > limit)
  return Number.NaN
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}
