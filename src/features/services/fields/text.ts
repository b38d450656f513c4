import { Type } from 'typebox'
import { defineField, lengthOf, readText } from './field.ts'

const USUAL = 100

/** One line of text. */
export const textField = defineField({
  name: 'text',
  cell: true,
  prefills: ['name', 'name_en', 'number', 'unit', 'major', 'class_name', 'grade', 'level', 'title'],
  extra: Type.Object({ max_length: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }),
  value: ({ max_length = USUAL }) => Type.String({ minLength: 1, maxLength: max_length }),
  control: ({ max_length = USUAL }) => ({ kind: 'line', type: 'text', maxlength: max_length }),
  read(typed, { max_length = USUAL }) {
    const read = readText(typed)
    if ('fault' in read) return read
    const line = read.text?.replaceAll('\n', ' ')
    const length = lengthOf(line ?? '')
    if (length > max_length) return { fault: { sentence: '“{label}”最多 {most} 字，现在有 {now} 字', params: { most: max_length, now: length } } }
    return { value: line }
  },
})
