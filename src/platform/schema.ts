import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

type Checker = ReturnType<typeof Compile>
const compiled = new WeakMap<TSchema, Checker>()

/** The value as the schema's type; a TypeError names what is wrong. For what our own code hands over: a bug when it fails. */
export function check<T>(schema: TSchema, value: unknown): T {
  if (fits<T>(schema, value)) return value
  const faults = checkerOf(schema).Errors(value).map(error => `${error.instancePath} ${error.message}`)
  throw new TypeError(`unexpected data: ${faults.join('; ')}`)
}

/** Does the value have the schema's shape? */
export function fits<T>(schema: TSchema, value: unknown): value is T {
  return checkerOf(schema).Check(value)
}

function checkerOf(schema: TSchema): Checker {
  const known = compiled.get(schema)
  if (known) return known
  const made = Compile(schema)
  compiled.set(schema, made)
  return made
}
