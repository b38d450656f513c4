import { Type } from 'typebox'
import { defineField, readLine } from './field.ts'

// The HTML standard's own pattern, so that browser and server agree, with a dot wanted in the domain.
const ADDRESS = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/
// RFC 5321 §4.5.3.1: 64 before the @, 254 in all.
const MOST = 254

/** A mail address. Full-width letters of Chinese keyboards are taken as what they stand for. */
export const emailField = defineField({
  name: 'email',
  cell: true,
  prefills: ['mail'],
  extra: Type.Object({}),
  value: () => Type.String({ minLength: 3, maxLength: MOST, format: 'email' }),
  control: () => ({ kind: 'line', type: 'email', inputmode: 'email', autocomplete: 'email', maxlength: MOST }),
  read: typed => readLine(typed, text => {
    const address = text.normalize('NFKC').replaceAll('。', '.').replaceAll(' ', '')
    if (address.length > MOST || !ADDRESS.test(address) || address.indexOf('@') > 64) return { fault: { sentence: '“{label}”不是完整的邮箱地址，应类似 name@example.com' } }
    return { value: address }
  }),
})
