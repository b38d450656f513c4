import { Type } from 'typebox'
import { defineField } from './field.ts'
import { ACCEPT, ATTACHMENT_TYPES, FILES, fileCount, readFiles } from './files.ts'

/** Files. The value is the list of attachment ids; the files themselves go another way (`attachments.ts`). */
export const attachmentField = defineField({
  name: 'attachment',
  extra: Type.Object({ types: Type.Optional(Type.Array(Type.Enum([...ATTACHMENT_TYPES]), { minItems: 1, uniqueItems: true })), ...FILES }),
  value: ({ max_files = 3 }) => fileCount(max_files),
  control: ({ types = ATTACHMENT_TYPES }) => ({ kind: 'files', accept: types.map(type => ACCEPT[type]).join(','), pictures: false }),
  files: ({ types = ATTACHMENT_TYPES, max_mb = 10, max_files = 3 }) => ({ types, max_mb, most: max_files }),
  read: (typed, { max_files = 3 }) => readFiles(typed, max_files),
  summary: (ids, _field, t) => t('{n} 个文件', { n: ids.length }),
})
