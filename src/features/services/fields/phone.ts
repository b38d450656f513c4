import { Type } from 'typebox'
import { readPhone } from '../../identity/index.ts'
import { defineField, readLine } from './field.ts'

// 区号 (three digits for Beijing and the 02s, else four) and 7 or 8 digits, with an extension.
const LANDLINE = /^(010|02\d|0[3-9]\d{2})-?(\d{7,8})(?:-(\d{1,6}))?$/

/** A telephone number as people write it, kept in digits. */
export const phoneField = defineField({
  name: 'phone',
  cell: true,
  prefills: ['phone'],
  extra: Type.Object({ /** an office's number will do too */ landline: Type.Optional(Type.Boolean()) }),
  value: () => Type.String({ pattern: '^(1[3-9]\\d{9}|0\\d{2,3}-\\d{7,8}(-\\d{1,6})?)$' }),
  control: () => ({ kind: 'line', type: 'tel', inputmode: 'tel', autocomplete: 'tel', maxlength: 30 }),
  read: (typed, { landline = false }) => readLine(typed, text => {
    const mobile = readPhone(text)
    if (mobile !== null) return { value: mobile }
    const found = landline ? LANDLINE.exec(text.normalize('NFKC').replace(/[\s()]/g, '').replace(/\p{Pd}/gu, '-')) : null
    if (found) return { value: found.slice(1).filter(Boolean).join('-') }
    return { fault: { sentence: landline ? '“{label}”应是手机号，或带区号的座机号，类似 029-88250101' : '“{label}”应是 11 位的手机号' } }
  }),
})
