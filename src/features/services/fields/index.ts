import { attachmentField } from './attachment.ts'
import { cascadeField } from './cascade.ts'
import { cellTypes } from './cells.ts'
import { departmentField } from './department.ts'
import type { FieldType } from './field.ts'
import { idNumberField } from './id-number.ts'
import { imageField } from './image.ts'
import { locationField } from './location.ts'
import { multiSelectField } from './multi-select.ts'
import { noteField } from './note.ts'
import { personField } from './person.ts'
import { rangeField } from './range.ts'
import { signatureField } from './signature.ts'
import { tableField } from './table.ts'

/** Every type a form may name. */
export const fieldTypes: ReadonlyMap<string, FieldType> = new Map([
  ...cellTypes,
  ...[rangeField, multiSelectField, cascadeField, personField, departmentField, idNumberField, attachmentField, imageField, tableField, noteField, signatureField, locationField]
    .map((type): [string, FieldType] => [type.name, type]),
])
