import { Type } from 'typebox'
import { defineField, readLine } from './field.ts'
import { Options, twiceAmong } from './options.ts'

// More than this is quicker found in a list than read as buttons.
const BUTTONS = 6

/** One of several. */
export const selectField = defineField({
  name: 'select',
  cell: true,
  extra: Type.Object({ options: Options }),
  faults: ({ options }) => twiceAmong(options),
  value: ({ options }) => Type.Enum(options.map(option => option.value)),
  control: ({ options }) => ({ kind: 'choice', options, as: options.length > BUTTONS ? 'list' : 'radio' }),
  read: (typed, { options }) => readLine(typed, text =>
    options.some(option => option.value === text) ? { value: text } : { fault: { sentence: '“{label}”请从给出的选项里选择' } }),
  summary: (value, { options }, t) => t(options.find(option => option.value === value)?.label ?? ''),
})
