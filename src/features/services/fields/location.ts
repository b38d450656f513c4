import { Type } from 'typebox'
import { defineField, lengthOf, MISSHAPEN, partsOf, readLine, type TypedParts } from './field.ts'

const LONGEST = 100

/** A place in words, with the coordinates where the person let the browser add them (WGS 84, five decimals: about a metre). */
export const locationField = defineField({
  name: 'location',
  extra: Type.Object({}),
  value: () => Type.Object({
    text: Type.String({ minLength: 1, maxLength: LONGEST }),
    at: Type.Optional(Type.Object({ lat: Type.Number({ minimum: -90, maximum: 90 }), lng: Type.Number({ minimum: -180, maximum: 180 }) }, { additionalProperties: false })),
  }, { additionalProperties: false }),
  control: () => ({ kind: 'location' }),
  shape: () => ({ kind: 'parts', names: ['text', 'lat', 'lng'] }),
  read(typed) {
    const parts = partsOf(typed)
    if (!parts) return MISSHAPEN
    const words = readLine(parts.text, text => {
      if (lengthOf(text) > LONGEST) return { fault: { sentence: '“{label}”最多 {most} 字，现在有 {now} 字', params: { most: LONGEST, now: lengthOf(text) } } }
      const at = pointOf(parts)
      return { value: { text: text.replaceAll('\n', ' '), ...(at && { at }) } }
    })
    return 'value' in words && words.value === undefined && pointOf(parts) ? { fault: { sentence: '“{label}”附上了当前位置，还要用文字写明是什么地方' } } : words
  },
  typed: ({ text, at }) => ({ text, ...(at && { lat: String(at.lat), lng: String(at.lng) }) }),
  summary: ({ text, at }) => at ? `${text}（${at.lat}, ${at.lng}）` : text,
})

/** What no browser gives is no place, and not worth a sentence: the person typed none of it. */
function pointOf({ lat, lng }: TypedParts): { lat: number; lng: number } | null {
  const [y, x] = [degrees(lat, 90), degrees(lng, 180)]
  return y === null || x === null ? null : { lat: y, lng: x }
}

function degrees(typed: TypedParts[string] | undefined, most: number): number | null {
  if (typeof typed !== 'string' || !/^-?\d{1,3}(\.\d{1,15})?$/.test(typed)) return null
  const value = Math.round(Number(typed) * 100_000) / 100_000 || 0
  return Math.abs(value) <= most ? value : null
}
