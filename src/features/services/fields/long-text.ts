import { Type } from 'typebox'
import { defineField, lengthOf, readText } from './field.ts'

const USUAL = 1000

/** Several lines of text. */
export const longTextField = defineField({
  name: 'long-text',
  cell: true,
  extra: Type.Object({
    max_length: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
    rows: Type.Optional(Type.Integer({ minimum: 2, maximum: 20 })),
  }),
  value: ({ max_length = USUAL }) => Type.String({ minLength: 1, maxLength: max_length }),
  control: ({ max_length = USUAL, rows = 3 }) => ({ kind: 'area', maxlength: max_length, rows }),
  read(typed, { max_length = USUAL }) {
    const read = readText(typed)
    if ('fault' in read) return read
    const length = lengthOf(read.text ?? '')
    if (length > max_length) return { fault: { sentence: '“{label}”最多 {most} 字，现在有 {now} 字', params: { most: max_length, now: length } } }
    return { value: read.text }
  },
})
