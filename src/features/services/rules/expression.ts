import { type Static, Type } from 'typebox'
import { dayAfter, daysBetween, isDay } from '../fields/day.ts'
import type { IsWorkday } from '../fields/known.ts'

const closed = { additionalProperties: false }
const key = Type.String({ minLength: 1, maxLength: 40 })
const several = Type.Array(Type.Ref('Expression'), { minItems: 1, maxItems: 50 })
const two = Type.Tuple([Type.Ref('Expression'), Type.Ref('Expression')])

/** A calculation as data, over fields that stand before it. Nothing in it is ever run as code, and it has no loops. */
export const expressionSchema = Type.Cyclic({
  Expression: Type.Union([
    Type.Number(),
    Type.Object({ field: key }, closed),
    Type.Object({ sum: several }, closed),
    Type.Object({ product: several }, closed),
    Type.Object({ least: several }, closed),
    Type.Object({ most: several }, closed),
    Type.Object({ difference: two }, closed),
    Type.Object({ quotient: two }, closed),
    /** of a range of days, both its ends counting; from one day to another, 0 on the same */
    Type.Object({ days: Type.Union([key, Type.Tuple([key, key])]) }, closed),
    /** of a range of days, both its ends counting: how many of them the school works */
    Type.Object({ working_days: key }, closed),
    /** how many choices, files or rows */
    Type.Object({ count: key }, closed),
    /** a column of a table, added up */
    Type.Object({ total: Type.Object({ table: key, column: key }, closed) }, closed),
  ]),
}, 'Expression')

export type Expression = Static<typeof expressionSchema>
type Values = Readonly<Record<string, unknown>>

/** What it comes to; undefined where something it needs is not there yet, or there is no such number. Money is in fen. `isWorkday`: for what counts working days. */
export function calculate(expression: Expression, values: Values, isWorkday?: IsWorkday): number | undefined {
  const result = work(expression, values, isWorkday)
  return result === undefined || !Number.isFinite(result) ? undefined : result
}

/** The names it asks for, with what it wants to find there. */
export type Wanted = { field: string; as: 'number' | 'day' | 'days' | 'several' | { column: string } }

export function wantedBy(expression: Expression): Wanted[] {
  if (typeof expression === 'number') return []
  if ('field' in expression) return [{ field: expression.field, as: 'number' }]
  if ('count' in expression) return [{ field: expression.count, as: 'several' }]
  if ('working_days' in expression) return [{ field: expression.working_days, as: 'days' }]
  if ('total' in expression) return [{ field: expression.total.table, as: { column: expression.total.column } }]
  if ('days' in expression) return typeof expression.days === 'string' ? [{ field: expression.days, as: 'days' }] : expression.days.map(field => ({ field, as: 'day' }))
  return partsOf(expression).flatMap(wantedBy)
}

function work(expression: Expression, values: Values, isWorkday?: IsWorkday): number | undefined {
  if (typeof expression === 'number') return expression
  if ('field' in expression) return numberIn(values, expression.field)
  if ('count' in expression) return listIn(values, expression.count)?.length ?? 0
  if ('total' in expression) return totalOf(values, expression.total)
  if ('days' in expression) return daysOf(values, expression.days)
  if ('working_days' in expression) return isWorkday && workingDaysOf(values, expression.working_days, isWorkday)
  const parts = partsOf(expression).map(part => work(part, values, isWorkday))
  return parts.every(part => part !== undefined) ? combine(expression, parts) : undefined
}

type Compound = Exclude<Expression, number | { field: string } | { count: string } | { days: unknown } | { working_days: unknown } | { total: unknown }>

function partsOf(expression: Compound): readonly Expression[] {
  if ('sum' in expression) return expression.sum
  if ('product' in expression) return expression.product
  if ('least' in expression) return expression.least
  if ('most' in expression) return expression.most
  return 'difference' in expression ? expression.difference : expression.quotient
}

function combine(expression: Compound, parts: readonly number[]): number {
  const [first = 0, second = 0] = parts
  if ('sum' in expression) return added(parts)
  if ('product' in expression) return parts.reduce((product, part) => product * part, 1)
  if ('least' in expression) return Math.min(...parts)
  if ('most' in expression) return Math.max(...parts)
  return 'difference' in expression ? added([first, -second]) : first / second
}

/** Added without what binary fractions leave behind: 0.1 + 0.2 is 0.3. */
export function added(parts: readonly number[]): number {
  return Number(parts.reduce((sum, part) => sum + part, 0).toFixed(8))
}

function totalOf(values: Values, { table, column }: { table: string; column: string }): number {
  return added((listIn(values, table) ?? []).flatMap(row => typeof row === 'object' && row !== null ? numberIn(Object.fromEntries(Object.entries(row)), column) ?? [] : []))
}

function daysOf(values: Values, days: string | readonly [string, string]): number | undefined {
  const whole = typeof days === 'string'
  const span = spanIn(whole ? own(values, days) : { from: own(values, days[0]), to: own(values, days[1]) })
  return span && daysBetween(span.from, span.to) + Number(whole)
}

/** Longer than this nobody is away, and nobody can make it count for long. */
const MOST_DAYS = 3660

function workingDaysOf(values: Values, days: string, isWorkday: IsWorkday): number | undefined {
  const span = spanIn(own(values, days))
  const count = span && daysBetween(span.from, span.to) + 1
  if (!span || count === undefined || count > MOST_DAYS) return undefined
  return Array.from({ length: Math.max(0, count) }, (_, at) => dayAfter(span.from, at)).filter(isWorkday).length
}

function spanIn(found: unknown): { from: string; to: string } | undefined {
  if (typeof found !== 'object' || found === null || !('from' in found) || !('to' in found)) return undefined
  const { from, to } = found
  return typeof from === 'string' && typeof to === 'string' && isDay(from) && isDay(to) ? { from, to } : undefined
}

function numberIn(values: Values, name: string): number | undefined {
  const value = own(values, name)
  return typeof value === 'number' ? value : undefined
}

function listIn(values: Values, name: string): readonly unknown[] | undefined {
  const value = own(values, name)
  return Array.isArray(value) ? value : undefined
}

function own(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
