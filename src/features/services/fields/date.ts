import { Type } from 'typebox'
import { earliest, isDay, TODAY } from './day.ts'
import { defineField, readLine } from './field.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** A calendar day, kept as 2026-11-21. */
export const dateField = defineField({
  name: 'date',
  cell: true,
  extra: Type.Object({ from: Type.Optional(Type.Union([TODAY, Day])), to: Type.Optional(Day) }),
  faults: ({ from, to }) => from && from !== 'today' && to && from > to ? ['from: lies after to'] : [],
  value: () => Day,
  control: ({ from, to }) => ({ kind: 'line', type: 'date', ...(from && from !== 'today' && { min: from }), ...(to && { max: to }) }),
  read: (typed, { from, to }, { today }) => readLine(typed, day => {
    const first = earliest(from, today)
    if (!isDay(day)) return { fault: { sentence: '“{label}”不是有效的日期，应类似 2026-09-01' } }
    if (first && day < first) return { fault: { sentence: '“{label}”不能早于 {day}', params: { day: first } } }
    if (to && day > to) return { fault: { sentence: '“{label}”不能晚于 {day}', params: { day: to } } }
    return { value: day }
  }),
})
