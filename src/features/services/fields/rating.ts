import { Type } from 'typebox'
import { defineField, readLine } from './field.ts'

const WORDS = ['很不满意', '不满意', '一般', '满意', '很满意']

/** One to five, the fifth the best. */
export const ratingField = defineField({
  name: 'rating',
  cell: true,
  extra: Type.Object({ /** of each step, the worst first */ words: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 10 }), { minItems: 5, maxItems: 5 })) }),
  value: () => Type.Integer({ minimum: 1, maximum: 5 }),
  control: ({ words = WORDS }) => ({ kind: 'rating', options: words.map((label, at) => ({ value: String(at + 1), label })) }),
  read: typed => readLine(typed, text => /^[1-5]$/.test(text) ? { value: Number(text) } : { fault: { sentence: '“{label}”请从给出的选项里选择' } }),
  typed: value => String(value),
  summary: (value, { words = WORDS }, t) => t('{n} 分（{word}）', { n: value, word: t(words[value - 1] ?? '') }),
})
