import { Type } from 'typebox'
import { readTime } from './day.ts'
import { defineField, readLine } from './field.ts'

const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })

/** A time of the day, kept as 09:30. */
export const timeField = defineField({
  name: 'time',
  cell: true,
  extra: Type.Object({ from: Type.Optional(Time), to: Type.Optional(Time) }),
  faults: ({ from, to }) => from && to && from > to ? ['from: lies after to'] : [],
  value: () => Time,
  control: ({ from, to }) => ({ kind: 'line', type: 'time', ...(from && { min: from }), ...(to && { max: to }) }),
  read: (typed, { from, to }) => readLine(typed, text => {
    const time = readTime(text)
    if (time === null) return { fault: { sentence: '“{label}”不是有效的时间，应类似 09:30' } }
    if (from && time < from) return { fault: { sentence: '“{label}”不能早于 {day}', params: { day: from } } }
    if (to && time > to) return { fault: { sentence: '“{label}”不能晚于 {day}', params: { day: to } } }
    return { value: time }
  }),
})
