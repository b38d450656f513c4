import { Type } from 'typebox'
import { defineField, readLine } from './field.ts'
import { readNumber } from './numeral.ts'

/** A number with its unit, kept as a number. */
export const numberField = defineField({
  name: 'number',
  cell: true,
  extra: Type.Object({
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 6 })),
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
  }),
  faults: ({ min, max }) => min !== undefined && max !== undefined && min > max ? ['min: is more than max'] : [],
  value: ({ min, max, decimals = 0 }) => Type.Number({ ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }), ...(decimals === 0 && { multipleOf: 1 }) }),
  control: ({ unit, decimals = 0, min }) => ({ kind: 'line', type: 'text', inputmode: min === undefined || min < 0 ? 'text' : decimals > 0 ? 'decimal' : 'numeric', maxlength: 30, ...(unit && { suffix: unit }) }),
  read: (typed, { min, max, decimals = 0 }) => readLine(typed, text => readNumber(text, { min, max, decimals })),
  typed: value => String(value),
  amount: (value, { unit }, t) => unit ? t('{n} {unit}', { n: value, unit: t(unit) }) : String(value),
})
