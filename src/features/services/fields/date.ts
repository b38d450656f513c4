import { Type } from 'typebox'
import { isDay } from './day.ts'
import { defineField, readLine } from './field.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** A calendar day, kept as 2026-11-21. */
export const dateField = defineField({
  name: 'date',
  cell: true,
  extra: Type.Object({ from: Type.Optional(Day), to: Type.Optional(Day) }),
  faults: ({ from, to }) => from && to && from > to ? ['from: lies after to'] : [],
  value: () => Day,
  control: ({ from, to }) => ({ kind: 'line', type: 'date', ...(from && { min: from }), ...(to && { max: to }) }),
  read: (typed, { from, to }) => readLine(typed, day => {
    if (!isDay(day)) return { fault: { sentence: '“{label}”不是有效的日期，应类似 2026-09-01' } }
    if (from && day < from) return { fault: { sentence: '“{label}”不能早于 {day}', params: { day: from } } }
    if (to && day > to) return { fault: { sentence: '“{label}”不能晚于 {day}', params: { day: to } } }
    return { value: day }
  }),
})
