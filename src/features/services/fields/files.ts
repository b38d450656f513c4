import { Type } from 'typebox'
import { isTexts, MISSHAPEN, type Reading, type Typed } from './field.ts'

/** What an attachment may be, and how it is told by content; the names are those of the `file-type` package. */
export const ATTACHMENT_TYPES = ['pdf', 'jpg', 'png'] as const
export type AttachmentType = (typeof ATTACHMENT_TYPES)[number]

/** What an attachment is served as. */
export const ATTACHMENT_MIMES: Record<AttachmentType, string> = { pdf: 'application/pdf', jpg: 'image/jpeg', png: 'image/png' }

// Extensions besides types: WeCom's file chooser on Android knows only one of the two.
export const ACCEPT: Record<AttachmentType, string> = { pdf: '.pdf,application/pdf', jpg: '.jpg,.jpeg,image/jpeg', png: '.png,image/png' }

export const FILES = {
  max_mb: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  max_files: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
}

export function fileCount(most: number) {
  return Type.Array(Type.String({ minLength: 26, maxLength: 26 }), { minItems: 1, maxItems: most, uniqueItems: true })
}

export function readFiles(typed: Typed, most: number): Reading {
  const ids: unknown = typeof typed === 'string' ? [typed].filter(Boolean) : typed
  if (!isTexts(ids) || !ids.every(isFileId)) return MISSHAPEN
  if (ids.length > most) return { fault: { sentence: '“{label}”最多 {most} 个文件，现在有 {now} 个', params: { most, now: ids.length } } }
  return { value: ids.length > 0 ? [...new Set(ids)] : undefined }
}

export function isFileId(text: string): boolean {
  return /^[0-9A-Z]{26}$/.test(text)
}
