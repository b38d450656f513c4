import { Type } from 'typebox'
import { defineField } from './field.ts'

/** What an attachment may be, and how it is told by content; the names are those of the `file-type` package. */
export const ATTACHMENT_TYPES = ['pdf', 'jpg', 'png'] as const
export type AttachmentType = (typeof ATTACHMENT_TYPES)[number]

/** What an attachment is served as. */
export const ATTACHMENT_MIMES: Record<AttachmentType, string> = { pdf: 'application/pdf', jpg: 'image/jpeg', png: 'image/png' }

const USUAL_MB = 10
const USUAL_FILES = 3

/** Files. The value is the list of attachment ids; the files themselves go another way (`verbs/attach.ts`). */
export const attachmentField = defineField({
  name: 'attachment',
  extra: Type.Object({
    types: Type.Optional(Type.Array(Type.Enum([...ATTACHMENT_TYPES]), { minItems: 1, uniqueItems: true })),
    max_mb: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
    max_files: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
  }),
  value: ({ max_files = USUAL_FILES }) => Type.Array(Type.String({ minLength: 26, maxLength: 26 }), { minItems: 1, maxItems: max_files, uniqueItems: true }),
  control: ({ types = ATTACHMENT_TYPES, max_mb = USUAL_MB, max_files = USUAL_FILES }) => ({
    kind: 'files', types, max_mb, most: max_files, accept: types.map(type => ACCEPT[type]).join(','),
  }),
  read(typed, { max_files = USUAL_FILES }) {
    const ids = typeof typed === 'string' ? [typed].filter(Boolean) : [...typed]
    if (ids.length > max_files) return { fault: { sentence: '“{label}”最多 {most} 个文件，现在有 {now} 个', params: { most: max_files, now: ids.length } } }
    return { value: ids.length > 0 ? ids : undefined }
  },
  summary: (ids, _field, t) => t('{n} 个文件', { n: ids.length }),
})

// Extensions besides types: WeCom's file chooser on Android knows only one of the two.
const ACCEPT: Record<AttachmentType, string> = { pdf: '.pdf,application/pdf', jpg: '.jpg,.jpeg,image/jpeg', png: '.png,image/png' }
