import { Type } from 'typebox'
import { defineField, readText } from './field.ts'

// More than this is quicker found in a list than read as buttons.
const BUTTONS = 6

/** One of several. */
export const selectField = defineField({
  name: 'select',
  extra: Type.Object({
    options: Type.Array(Type.Object({
      value: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
      label: Type.String({ minLength: 1, maxLength: 40 }),
    }, { additionalProperties: false }), { minItems: 2, maxItems: 200 }),
  }),
  value: ({ options }) => Type.Enum(options.map(option => option.value)),
  control: ({ options }) => ({ kind: 'choice', options, as: options.length > BUTTONS ? 'list' : 'radio' }),
  read(typed, { options }) {
    const read = readText(typed)
    if ('fault' in read || read.text === undefined) return 'fault' in read ? read : { value: undefined }
    if (!options.some(option => option.value === read.text)) return { fault: { sentence: '“{label}”请从给出的选项里选择' } }
    return { value: read.text }
  },
  summary: (value, { options }, t) => t(options.find(option => option.value === value)?.label ?? ''),
})
