import type { Typed, TypedParts } from '../fields/field.ts'
import type { Form, Input } from './form.ts'

/** A button inside a field: which field, what it does, and to which row. */
export type Act = { field: string; verb: 'add' | 'cut' | 'find' | 'show' | 'put'; row: number }

/** `items.cut.3`, `guide.find`; null for what no button of a form sends. */
export function readAct(text: string): Act | null {
  const [, field = '', verb, row = '0'] = /^([a-z][a-z0-9_]{0,39})\.(add|cut|find|show|put)(?:\.(\d{1,4}))?$/.exec(text) ?? []
  return verb === 'add' || verb === 'cut' || verb === 'find' || verb === 'show' || verb === 'put' ? { field, verb, row: Number(row) } : null
}

/** What is typed once the button is pressed: a table with a row more or less. The others change nothing of it. */
export function afterAct(form: Form, input: Input, { field: key, verb, row }: Act): Input {
  const shape = form.fields.find(field => field.definition.key === key)?.shape
  if (shape?.kind !== 'rows' || (verb !== 'add' && verb !== 'cut')) return input
  const rows = rowsIn(input[key])
  return { ...input, [key]: verb === 'cut' ? rows.filter((_, at) => at !== row) : rows.length < shape.most ? [...rows, {}] : rows }
}

/** The rows of a table as they stand on the page: one at least, for something must be there to type into. */
export function rowsIn(typed: Typed | undefined, least = 1): readonly TypedParts[] {
  const rows = Array.isArray(typed) ? typed.filter((row): row is TypedParts => typeof row === 'object' && row !== null && !Array.isArray(row)) : []
  return rows.length >= least ? rows : [...rows, ...Array.from({ length: least - rows.length }, () => ({}))]
}
