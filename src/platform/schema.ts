import type { TSchema } from 'typebox'
// Not `typebox/compile`, which brings along a hundred modules for values to be converted and repaired.
import { Compile, Errors } from 'typebox/schema'

const compiled = new WeakMap<TSchema, (value: unknown) => boolean>()

/** The value as the schema's type; a TypeError names what is wrong. For what our own code hands over: a bug when it fails. */
export function check<T>(schema: TSchema, value: unknown): T {
  if (fits<T>(schema, value)) return value
  throw new TypeError(`unexpected data: ${errorsIn(schema, value).map(error => `${error.instancePath} ${error.message}`).join('; ')}`)
}

/** Does the value have the schema's shape? */
export function fits<T>(schema: TSchema, value: unknown): value is T {
  return checkerOf(schema)(value)
}

export type SchemaError = ReturnType<typeof Errors>[1][number]

/** Everything in the value that does not fit, each with its place. */
export function errorsIn(schema: TSchema, value: unknown): SchemaError[] {
  return Errors(schema, value)[1]
}

function checkerOf(schema: TSchema): (value: unknown) => boolean {
  const known = compiled.get(schema)
  if (known) return known
  const validator = Compile(schema)
  const made = (value: unknown) => validator.Check(value)
  compiled.set(schema, made)
  return made
}
