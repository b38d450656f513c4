import { Type } from 'typebox'
import { defineField } from './field.ts'
import { ACCEPT, FILES, fileCount, readFiles } from './files.ts'

/** Pictures, shown as such to whoever may read them. */
export const imageField = defineField({
  name: 'image',
  extra: Type.Object(FILES),
  value: ({ max_files = 3 }) => fileCount(max_files),
  control: () => ({ kind: 'files', accept: [ACCEPT.jpg, ACCEPT.png].join(','), pictures: true }),
  files: ({ max_mb = 10, max_files = 3 }) => ({ types: ['jpg', 'png'], max_mb, most: max_files }),
  read: (typed, { max_files = 3 }) => readFiles(typed, max_files),
  summary: (ids, _field, t) => t('{n} 张图片', { n: ids.length }),
})
