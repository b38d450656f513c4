import { attachmentField } from '../fields/attachment.ts'
import type { Form } from './form.ts'

/** Files beside a comment are taken like those of a form. */
export const SAID: Form = { fields: [attachmentField.bind({ key: 'files', type: 'attachment', label: '附件' })] }

/** What files of a comment are kept under; two underscores are in no key that an author may write. */
export function saidField(remark_id: string): string {
  return `said__${remark_id.toLowerCase()}`
}
