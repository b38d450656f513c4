import type { T } from '../../../platform/text.ts'
import { rowValues, sumOf } from '../fields/table.ts'
import { rowsIn } from './acts.ts'
import { type Form, type Input, isAsked, type Values } from './form.ts'

/** What the page shows of calculations for what is typed now, by the names of their places: `total`, `items.0.amount`, `items.sum.price`. */
export function liveTexts(form: Form, values: Values, input: Input, t: T): Record<string, string> {
  return Object.fromEntries(form.fields.flatMap((field): [string, string][] => {
    const { key } = field.definition
    if (field.compute) return [[key, values[key] === undefined ? '' : field.summary(values[key], t)]]
    return field.control.kind === 'table' ? tableTexts(key, field.control, input, t) : []
  }))
}

/** Keys of what is not asked for what is typed now. */
export function unaskedKeys(form: Form, values: Values): string[] {
  return form.fields.filter(field => !isAsked(field, values)).map(field => field.definition.key)
}

type Table = Extract<Form['fields'][number]['control'], { kind: 'table' }>

function tableTexts(key: string, { columns, least, sums }: Table, input: Input, t: T): [string, string][] {
  const rows = rowsIn(input[key], least).map(row => rowValues(columns, row))
  const computed = columns.filter(column => column.compute)
  return [
    ...rows.flatMap((row, at) => computed.map((column): [string, string] => {
      const value = row[column.definition.key]
      return [`${key}.${at}.${column.definition.key}`, value === undefined ? '' : column.summary(value, t)]
    })),
    ...columns.filter(column => sums.includes(column.definition.key)).map((column): [string, string] => [`${key}.sum.${column.definition.key}`, sumOf(column, rows, t)]),
  ]
}
