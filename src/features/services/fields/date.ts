import { Type } from 'typebox'
import { defineField, readText } from './field.ts'

/** A calendar day, kept as 2026-11-21. */
export const dateField = defineField({
  name: 'date',
  extra: Type.Object({
    from: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    to: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  }),
  value: () => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  control: ({ from, to }) => ({ kind: 'line', type: 'date', ...(from && { min: from }), ...(to && { max: to }) }),
  read(typed, { from, to }) {
    const read = readText(typed)
    if ('fault' in read || read.text === undefined) return 'fault' in read ? read : { value: undefined }
    const day = read.text
    if (!isDay(day)) return { fault: { sentence: '“{label}”不是有效的日期，应类似 2026-09-01' } }
    if (from && day < from) return { fault: { sentence: '“{label}”不能早于 {day}', params: { day: from } } }
    if (to && day > to) return { fault: { sentence: '“{label}”不能晚于 {day}', params: { day: to } } }
    return { value: day }
  },
})

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  // Date rolls 02-30 over into March instead of refusing it.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
