import { computedField } from './computed.ts'
import { dateField } from './date.ts'
import { emailField } from './email.ts'
import type { FieldType } from './field.ts'
import { longTextField } from './long-text.ts'
import { moneyField } from './money.ts'
import { numberField } from './number.ts'
import { phoneField } from './phone.ts'
import { ratingField } from './rating.ts'
import { selectField } from './select.ts'
import { textField } from './text.ts'
import { timeField } from './time.ts'

/** The types that may stand in a table's row. */
export const cellTypes: ReadonlyMap<string, FieldType> = new Map(
  [textField, longTextField, numberField, moneyField, dateField, timeField, selectField, phoneField, emailField, ratingField, computedField].map(type => [type.name, type]))
