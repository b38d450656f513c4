import { Type } from 'typebox'
import { isIdNumber } from '../../../platform/id-number.ts'
import { maskDocument } from '../../identity/index.ts'
import { defineField, readLine } from './field.ts'

/** 公民身份号码 (GB 11643): checked by its last character. Kept sealed; the form, its cards and its papers hold 1101**********002X. */
export const idNumberField = defineField({
  name: 'id-number',
  extra: Type.Object({}),
  value: () => Type.String({ pattern: '^[1-9]\\d{3}(\\d{13}[\\dX]|\\*{10}\\d{3}[\\dX])$' }),
  control: () => ({ kind: 'line', type: 'text', inputmode: 'text', autocomplete: 'off', maxlength: 30 }),
  mask: maskDocument,
  read: typed => readLine(typed, text => {
    const number = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()
    if (number.length !== 18) return { fault: { sentence: '“{label}”应有 18 位，现在有 {now} 位', params: { now: number.length } } }
    return isIdNumber(number) ? { value: number } : { fault: { sentence: '“{label}”的校验位不对，请核对每一位' } }
  }),
  summary: maskDocument,
})
