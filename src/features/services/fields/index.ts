import { attachmentField } from './attachment.ts'
import { dateField } from './date.ts'
import { emailField } from './email.ts'
import type { FieldType } from './field.ts'
import { longTextField } from './long-text.ts'
import { noteField } from './note.ts'
import { selectField } from './select.ts'
import { textField } from './text.ts'

/** Every type a form may name. */
export const fieldTypes: ReadonlyMap<string, FieldType> = new Map(
  [textField, longTextField, selectField, emailField, dateField, attachmentField, noteField].map(type => [type.name, type]))
