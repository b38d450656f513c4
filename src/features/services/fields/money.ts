import { Type } from 'typebox'
import { defineField, readLine } from './field.ts'
import { moneyText, readFen, yuanOf } from './numeral.ts'

/** 99,999,999.99 yuan: more is a slip of the finger. */
const MOST = 9_999_999_999

/** An amount in yuan, kept in fen. */
export const moneyField = defineField({
  name: 'money',
  cell: true,
  extra: Type.Object({
    /** fen */
    min: Type.Optional(Type.Integer({ minimum: 0 })),
    /** fen */
    max: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST })),
  }),
  faults: ({ min = 0, max = MOST }) => min > max ? ['min: is more than max'] : [],
  value: ({ min = 0, max = MOST }) => Type.Integer({ minimum: min, maximum: max }),
  control: () => ({ kind: 'line', type: 'text', inputmode: 'decimal', maxlength: 20, suffix: '元' }),
  read: (typed, { min = 0, max = MOST }) => readLine(typed, text => {
    const fen = readFen(text)
    if (fen === null) return { fault: { sentence: '“{label}”应填写金额，单位元，最多两位小数' } }
    if (fen < min) return { fault: { sentence: '“{label}”不能小于 {n}', params: { n: moneyText(min) } } }
    if (fen > max) return { fault: { sentence: '“{label}”不能大于 {n}', params: { n: moneyText(max) } } }
    return { value: fen }
  }),
  typed: yuanOf,
  amount: moneyText,
})
