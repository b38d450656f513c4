import { attachmentField } from '../fields/attachment.ts'
import type { Form } from './form.ts'

/** How many files may come along with words, and how large each may be. */
export const SAID_LIMITS = { most: 3, mb: 10 }

/** Files beside a comment or an opinion are taken like those of a form. */
export const SAID: Form = { fields: [attachmentField.bind({ key: 'files', type: 'attachment', label: '附件' })] }

/** What files of a comment or a decision are kept under; two underscores are in no key that an author may write. */
export function saidField(id: string): string {
  return `said__${id.toLowerCase()}`
}
