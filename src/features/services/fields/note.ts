import { Type } from 'typebox'
import { defineField } from './field.ts'

/** Words between fields; asks nothing. */
export const noteField = defineField({
  name: 'note',
  extra: Type.Object({ tone: Type.Optional(Type.Enum(['info', 'warn'])) }),
  value: () => null,
  control: ({ tone = 'info' }) => ({ kind: 'words', tone }),
  read: () => ({ value: undefined }),
})
