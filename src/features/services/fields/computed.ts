import { Type } from 'typebox'
import { calculate, expressionSchema } from '../rules/expression.ts'
import { defineField } from './field.ts'
import { moneyText } from './numeral.ts'

/** A number that follows from earlier fields. The server counts; the page only shows. */
export const computedField = defineField({
  name: 'computed',
  cell: true,
  extra: Type.Object({
    value: expressionSchema,
    /** money: what it comes to is fen */
    as: Type.Optional(Type.Enum(['number', 'money'])),
    decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 6 })),
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
  }),
  faults: ({ required }) => required ? ['required: nobody types it'] : [],
  value: () => Type.Number(),
  control: () => ({ kind: 'computed' }),
  compute(values, { value, as, decimals = 0 }, { isWorkday }) {
    const result = calculate(value, values, isWorkday)
    if (result === undefined || Math.abs(result) > Number.MAX_SAFE_INTEGER) return undefined
    return Number(result.toFixed(as === 'money' ? 0 : decimals)) || 0
  },
  read: () => ({ value: undefined }),
  typed: value => String(value),
  amount: (value, { as, unit }, t) => as === 'money' ? moneyText(value) : unit ? t('{n} {unit}', { n: value, unit: t(unit) }) : String(value),
})
