import { fits } from '../../../platform/schema.ts'
import type { BoundField } from '../fields/field.ts'
import { type Form, isAsked, type Values } from './form.ts'

/**
 * What becomes of an accepted form under another version. `values`: what it says then; what the new form does not ask stays in it unseen.
 * By label: `gone` is shown no more, `missing` is asked and was not answered, `unfit` was answered in a way that the new form does not take.
 */
export type Carried = { values: Values; gone: string[]; missing: string[]; unfit: string[] }

export function carryOver(from: Form, to: Form, before: Values): Carried {
  const values: Record<string, unknown> = { ...before }
  const carried: Carried = { values, gone: goneFrom(from, to, before), missing: [], unfit: [] }
  for (const field of to.fields) {
    const { key, label } = field.definition
    const value = valueOf(field, values, from)
    delete values[key]
    if (value === UNFIT) carried.unfit.push(label)
    else if (value !== undefined) values[key] = value
    else if (isWanted(field, values)) carried.missing.push(label)
  }
  return carried
}

function goneFrom(from: Form, to: Form, before: Values): string[] {
  const kept = new Set(to.fields.map(field => field.definition.key))
  return from.fields.filter(({ definition: { key } }) => before[key] !== undefined && !kept.has(key)).map(field => field.definition.label)
}

const UNFIT = Symbol('unfit')

function valueOf(field: BoundField, values: Values, from: Form): unknown {
  const { key, type } = field.definition
  if (field.schema === null || !isAsked(field, values)) return undefined
  if (field.compute) return field.compute(values)
  const value = values[key]
  if (value === undefined) return undefined
  const before = from.fields.find(one => one.definition.key === key)?.definition.type
  return (before === undefined || before === type) && fits(field.schema, value) ? value : UNFIT
}

/** What approvers fill in is asked when its step is reached. */
function isWanted(field: BoundField, values: Values): boolean {
  return field.definition.required === true && field.definition.by !== 'approver' && field.schema !== null && !field.compute && isAsked(field, values)
}
