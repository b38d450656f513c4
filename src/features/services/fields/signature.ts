import { Type } from 'typebox'
import { defineField, lengthOf, MISSHAPEN, partsOf, readLine } from './field.ts'
import { isFileId } from './files.ts'

const LONGEST = 40
const closed = { additionalProperties: false }

/** A signature: drawn, and kept as a picture among the attachments; or the name typed, where one cannot draw. */
export const signatureField = defineField({
  name: 'signature',
  extra: Type.Object({}),
  value: () => Type.Union([
    Type.Object({ file: Type.String({ minLength: 26, maxLength: 26 }) }, closed),
    Type.Object({ name: Type.String({ minLength: 1, maxLength: LONGEST }) }, closed),
  ]),
  control: () => ({ kind: 'signature' }),
  shape: () => ({ kind: 'parts', names: ['name'] }),
  files: () => ({ types: ['png'], max_mb: 1, most: 1 }),
  read(typed) {
    if (Array.isArray(typed)) {
      const drawn: unknown = typed.at(-1)
      return typeof drawn === 'string' && isFileId(drawn) ? { value: { file: drawn } } : { value: undefined }
    }
    const parts = partsOf(typed)
    if (!parts) return MISSHAPEN
    return readLine(parts.name, name => lengthOf(name) > LONGEST
      ? { fault: { sentence: '“{label}”最多 {most} 字，现在有 {now} 字', params: { most: LONGEST, now: lengthOf(name) } } }
      : { value: { name: name.replaceAll('\n', ' ') } })
  },
  typed: value => 'file' in value ? [value.file] : { name: value.name },
  summary: (value, _field, t) => 'file' in value ? t('已手写签名') : t('{name}（输入的签名）', { name: value.name }),
})
