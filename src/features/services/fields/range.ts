import { type Static, Type } from 'typebox'
import type { Line } from './control.ts'
import { earliest, isDay, readTime, TODAY } from './day.ts'
import { defineField, MISSHAPEN, partsOf, readLine, type Reading } from './field.ts'
import { readNumber } from './numeral.ts'

const extra = Type.Object({
  of: Type.Enum(['date', 'time', 'number']),
  unit: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
  decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 6 })),
  from: Type.Optional(TODAY),
})
type Extra = Static<typeof extra>
type End = string | number

const LINES: Record<Extra['of'], Line> = {
  date: { kind: 'line', type: 'date' }, time: { kind: 'line', type: 'time' }, number: { kind: 'line', type: 'text', inputmode: 'decimal', maxlength: 30 },
}

/** From one day, time or number to another, both in it. */
export const rangeField = defineField({
  name: 'range',
  extra,
  faults: ({ of, from }) => from && of !== 'date' ? ['from: is for days'] : [],
  value: ({ of }) => {
    const end = of === 'number' ? Type.Number() : Type.String({ pattern: of === 'date' ? '^\\d{4}-\\d{2}-\\d{2}$' : '^([01]\\d|2[0-3]):[0-5]\\d$' })
    return Type.Object({ from: end, to: end }, { additionalProperties: false })
  },
  control: ({ of, unit }) => ({ kind: 'pair', line: { ...LINES[of], ...(unit && { suffix: unit }) } }),
  shape: () => ({ kind: 'parts', names: ['from', 'to'] }),
  read(typed, field, { today }) {
    const parts = partsOf(typed)
    if (!parts) return MISSHAPEN
    const [from, to] = [readLine(parts.from, text => readEnd(text, field)), readLine(parts.to, text => readEnd(text, field))]
    if (!('value' in from)) return from
    if (!('value' in to)) return to
    if (from.value === undefined && to.value === undefined) return { value: undefined }
    if (!isEnd(from.value) || !isEnd(to.value)) return { fault: { sentence: '“{label}”的开始和结束都要填写' } }
    const first = earliest(field.from, today)
    if (first && from.value < first) return { fault: { sentence: '“{label}”不能早于 {day}', params: { day: first } } }
    return from.value > to.value ? { fault: { sentence: '“{label}”的结束不能早于开始' } } : { value: { from: from.value, to: to.value } }
  },
  typed: ({ from, to }) => ({ from: String(from), to: String(to) }),
  summary: ({ from, to }, { unit }, t) => unit ? t('{n} {unit}', { n: `${from} – ${to}`, unit: t(unit) }) : `${from} – ${to}`,
})

function readEnd(text: string, { of, decimals = 0 }: Extra): Reading {
  if (of === 'number') return readNumber(text, { decimals })
  if (of === 'date') return isDay(text) ? { value: text } : { fault: { sentence: '“{label}”不是有效的日期，应类似 2026-09-01' } }
  const time = readTime(text)
  return time === null ? { fault: { sentence: '“{label}”不是有效的时间，应类似 09:30' } } : { value: time }
}

function isEnd(value: unknown): value is End {
  return typeof value === 'string' || typeof value === 'number'
}
